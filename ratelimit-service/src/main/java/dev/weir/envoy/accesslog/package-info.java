/** What the access log tells about requests under way and requests that have ended. */
package dev.weir.envoy.accesslog;

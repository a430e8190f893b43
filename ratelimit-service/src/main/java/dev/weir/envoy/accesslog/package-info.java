/** Signs from the access log that requests are still under way or have ended. */
package dev.weir.envoy.accesslog;

/** The rate limit service: messages become requests, decisions become answers. */
package dev.weir.envoy.ratelimit;

/** Checks an Envoy configuration against the policy: what Envoy asks, how it asks, and what it reports when a request is over. */
package dev.weir.tools.lint.envoy;

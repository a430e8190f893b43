/** Step 1: a call of Envoy's from its first byte to its last: its message, its stream, its caller, and what it holds. */
package dev.weir.envoy.call;

/** The port that Envoy calls: connections, encryption, and the resets of streams. */
package dev.weir.envoy.listen;

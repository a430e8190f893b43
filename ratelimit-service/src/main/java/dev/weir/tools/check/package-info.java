/** Asks a running service, as Envoy would. */
package dev.weir.tools.check;

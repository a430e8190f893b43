/** Pauses between tries. */
package dev.weir.retry;

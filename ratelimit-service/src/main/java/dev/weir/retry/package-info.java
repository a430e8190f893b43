/** When to try again. */
package dev.weir.retry;

/** Who is calling. */
package dev.weir.identity;

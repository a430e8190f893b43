/** Policies from a management server: the stream, what it carries, and when to try again. */
@NullMarked
package dev.weir.xds;

import org.jspecify.annotations.NullMarked;

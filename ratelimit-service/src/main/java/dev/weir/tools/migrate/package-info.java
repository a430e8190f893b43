/** Rewrites policies in the dialect of envoyproxy/ratelimit as native ones. */
@NullMarked
package dev.weir.tools.migrate;

import org.jspecify.annotations.NullMarked;

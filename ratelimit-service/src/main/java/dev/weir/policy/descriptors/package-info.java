/** The dialect of envoyproxy/ratelimit: trees of descriptors, matched by position and counted each for itself. */
@NullMarked
package dev.weir.policy.descriptors;

import org.jspecify.annotations.NullMarked;

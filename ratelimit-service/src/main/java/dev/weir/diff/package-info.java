/** Shows where two policies decide the same requests differently. */
@NullMarked
package dev.weir.diff;

import org.jspecify.annotations.NullMarked;

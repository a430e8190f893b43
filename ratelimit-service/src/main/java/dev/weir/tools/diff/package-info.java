/** Shows where two policies decide the same requests differently. */
@NullMarked
package dev.weir.tools.diff;

import org.jspecify.annotations.NullMarked;

/** Step 6: the arithmetic of the algorithms, and the store in which they take effect. */
package dev.weir.bucket;

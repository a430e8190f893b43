/** Step 3: who is calling. */
package dev.weir.identity;

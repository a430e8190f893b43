/** Step 7: the account of what was refused. */
package dev.weir.refusal;

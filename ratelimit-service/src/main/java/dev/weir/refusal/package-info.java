/** Room 6: the account of what was refused. */
package dev.weir.refusal;

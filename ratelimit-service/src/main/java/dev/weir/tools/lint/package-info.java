/** Finds what is allowed in a policy, but probably not meant. */
package dev.weir.tools.lint;

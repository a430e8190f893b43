/** What is allowed, but probably not meant. */
package dev.weir.tools.lint;

/** The command line and the wiring. What is not marked is never null, here and in all packages below. */
@NullMarked
package dev.weir;

import org.jspecify.annotations.NullMarked;

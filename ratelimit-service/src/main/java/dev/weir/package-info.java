/** The entry point of the program. Nothing is null, here and in the packages below, unless it is marked so. */
package dev.weir;

/** Reads files that people write, with a place and a remedy for every mistake. */
package dev.weir.config;

/** The running service: its options, what it reads, and the wiring of all its parts. */
package dev.weir.server;

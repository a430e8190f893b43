/** The running service: what it is told, what it reads, and the wiring of all its parts. */
package dev.weir.server;

/** The subcommands. */
package dev.weir.cli;

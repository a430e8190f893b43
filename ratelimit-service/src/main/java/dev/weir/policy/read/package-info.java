/** Reads policy files, whichever of the dialects they are written in. */
package dev.weir.policy.read;

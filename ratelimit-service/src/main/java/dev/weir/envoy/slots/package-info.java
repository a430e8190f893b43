/** Frees slots for a person who asks for it. */
package dev.weir.envoy.slots;

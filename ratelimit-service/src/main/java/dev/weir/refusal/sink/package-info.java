/** The places where records of refusals go. */
package dev.weir.refusal.sink;

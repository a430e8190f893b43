/** Reads the native language of policies: domains, limits and what each of them says. */
package dev.weir.policy.limits;

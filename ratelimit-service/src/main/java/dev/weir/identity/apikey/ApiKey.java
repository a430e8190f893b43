package dev.weir.identity.apikey;

import dev.weir.identity.Caller;

/**
 * An entry of the key register.
 *
 * @param sha256 the SHA-256 of the secret as 64 lower-case hex digits; the secret itself is known to its holder only
 * @param enabled false keeps the key known, but refuses it
 */
record ApiKey(Caller caller, String sha256, boolean enabled) {}

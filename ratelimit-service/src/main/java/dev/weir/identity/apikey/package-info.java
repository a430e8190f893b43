/** API keys: the file that lists them, and whom each of them names. */
package dev.weir.identity.apikey;

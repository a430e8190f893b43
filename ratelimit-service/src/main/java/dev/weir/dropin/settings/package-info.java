/** The settings of envoyproxy/ratelimit: environment variables, and what each of them means here. */
package dev.weir.dropin.settings;

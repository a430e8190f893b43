/** The metrics of envoyproxy/ratelimit, by its names. */
package dev.weir.dropin.meters;

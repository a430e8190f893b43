/** The settings of envoyproxy/ratelimit, for those who run Weir in its place. */
package dev.weir.reference;

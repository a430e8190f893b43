/** The ways of envoyproxy/ratelimit, for those who run Weir in its place: its folder of policies and its pages. */
package dev.weir.dropin;

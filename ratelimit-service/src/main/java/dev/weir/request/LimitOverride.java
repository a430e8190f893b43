package dev.weir.request;

/**
 * The limit that a descriptor brings along: so many requests in any span as long as the window.
 *
 * @param requests from 0 to 2^32 - 1
 * @param window as a policy would write it, such as {@code 1m}
 */
public record LimitOverride(long requests, String window, long windowMicros) {}

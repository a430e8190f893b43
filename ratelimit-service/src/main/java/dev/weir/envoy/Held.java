package dev.weir.envoy;

/** A request under way that holds slots. */
public record Held(String domain, String reservation) {}

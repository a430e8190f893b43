package dev.weir.envoy.call;

/** A request under way that holds slots. */
public record HeldReservation(String domain, String reservation) {}

package dev.weir.envoy.call;

/** A request under way, by its reservation. */
public record HeldReservation(String domain, String reservation) {}

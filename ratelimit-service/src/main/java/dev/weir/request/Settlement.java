package dev.weir.request;

import java.util.OptionalLong;

/**
 * The end of a request that held an estimate.
 *
 * @param reservation the id that the admission gave out
 * @param tokens what the request really used; empty keeps the estimate
 */
public record Settlement(String reservation, OptionalLong tokens) {}

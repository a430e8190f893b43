package dev.weir.bucket;

/**
 * What one request asks of one bucket.
 *
 * @param bucket the bucket's name, unique among all domains, limits, algorithms and windows
 * @param limit what the bucket holds at most
 * @param windowMicros the length of its window in microseconds
 * @param amount what to take; 0 asks for room without taking any
 * @param estimated whether the amount is an estimate that the settlement replaces
 */
public record Charge(String bucket, long limit, long windowMicros, long amount, boolean estimated) {}

package dev.weir.bucket;

/**
 * What one request asks of one bucket.
 *
 * @param bucket the bucket's name, unique among all domains, limits, algorithms and windows
 * @param algorithm how the bucket counts
 * @param amount what to take; 0 asks for room without taking any; below 0 it is given back, whether the request is admitted or not
 */
public record Charge(String bucket, Algorithm algorithm, long amount, AtEnd atEnd) {}

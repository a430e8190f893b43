package dev.weir.bucket.memory;

import dev.weir.bucket.Algorithm;

/** One estimated charge of a reservation, with the mark that its bucket gave it. */
record Hold(String bucket, Algorithm algorithm, long mark, long amount) {}

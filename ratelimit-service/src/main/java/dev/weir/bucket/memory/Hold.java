package dev.weir.bucket.memory;

/** One estimated charge of a reservation, with the cell that it went to. */
record Hold(String bucket, long windowMicros, long cell, long amount) {}

package dev.weir.bucket.memory;

import dev.weir.bucket.Bucket;

/** A bucket with its name, so that what refers to it later shares that name instead of keeping its own copy. */
record KeptBucket(String name, Bucket bucket) {}

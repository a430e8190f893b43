package dev.weir.bucket.memory;

import dev.weir.bucket.Charge;

/** A charge that does not stay as it is, with the mark that its bucket gave it. */
record Hold(Charge charge, long mark) {}

package dev.weir.bucket.redis;

import dev.weir.bucket.Algorithm;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.LongSupplier;

/** Writes algorithms as the scripts read them: the code of each, four figures, and the limit. */
final class AlgorithmCodec {
    private static final int DOUBLES = 6;

    private AlgorithmCodec() {}

    /** @param time the time that the script is given, in microseconds; empty where it takes the store's */
    static byte[] of(List<Algorithm> algorithms, String time) {
        LongSupplier now = time.isEmpty() ? AlgorithmCodec::thisMachines : () -> Long.parseLong(time);
        Doubles doubles = Doubles.toWrite(DOUBLES * algorithms.size());
        for (Algorithm algorithm : algorithms) {
            Algorithm.Figures figures = algorithm.figures(now);
            doubles.put(algorithm.code())
                    .put(figures.a())
                    .put(figures.b())
                    .put(figures.c())
                    .put(figures.d())
                    .put(algorithm.most());
        }
        return doubles.bytes();
    }

    private static long thisMachines() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}

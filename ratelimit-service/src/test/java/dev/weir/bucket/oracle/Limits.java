package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The figures that one bucket is asked with: first these, then, when somebody changes the limit, others.
 *
 * @param windowMicros of about what length its cells, periods or expiries are made
 */
record Limits(List<Algorithm> choices, long windowMicros) {
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;
    private static final long[] WINDOWS = {60, 61, 1_000, 7_777_777, 60 * SECOND, 3_600 * SECOND};
    private static final long[] WINDOWS_LONGER_THAN_A_TEST = {60 * SECOND, 77_777_777, 3_600 * SECOND};
    private static final String[] ZONES = {
        "UTC", "Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"
    };

    static Limits any(Random random, ReferenceModel.Store store) {
        long[] windows = store == ReferenceModel.Store.REDIS ? WINDOWS_LONGER_THAN_A_TEST : WINDOWS;
        long window = windows[random.nextInt(windows.length)];
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> sliding(random, window);
            case 3, 4, 5 -> refilling(random, store);
            case 6 -> {
                Periods every = new Periods.Every(window);
                yield new Limits(
                        List.of(
                                new Algorithm.FixedWindow(few(random), every),
                                new Algorithm.FixedWindow(few(random), every)),
                        window);
            }
            case 7 -> calendar(random);
            default ->
                new Limits(
                        List.of(
                                new Algorithm.Parallel(few(random), window),
                                new Algorithm.Parallel(random.nextInt(4), window / (1 + random.nextInt(3)))),
                        window);
        };
    }

    private static Limits sliding(Random random, long window) {
        long limit = random.nextInt(10) == 0 ? 1L << 40 : few(random);
        return new Limits(
                List.of(new Algorithm.SlidingWindow(limit, window), new Algorithm.SlidingWindow(few(random), window)),
                window);
    }

    /** Shares below 2^53, also in the product that a changed limit makes: there a double is exact. */
    private static Limits refilling(Random random, ReferenceModel.Store store) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return new Limits(List.of(Algorithm.TokenBucket.of(1, DAY, few(random))), DAY);
        }
        if (kind == 1) {
            return new Limits(List.of(Algorithm.TokenBucket.of(4_000_000, 60 * SECOND, 6_000_000)), 60 * SECOND);
        }
        long seconds = random.nextBoolean() ? 60 : 3_600;
        long window = kind < 5 && store == ReferenceModel.Store.MEMORY ? 997 : seconds * SECOND;
        long step = window == 997 ? 1 : seconds;
        List<Algorithm> choices = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            choices.add(Algorithm.TokenBucket.of(step * (1 + random.nextInt(20)), window, few(random)));
        }
        return new Limits(choices, step == 1 ? window : SECOND * (1 + random.nextInt(30)));
    }

    private static Limits calendar(Random random) {
        ChronoUnit[] units = {ChronoUnit.DAYS, ChronoUnit.WEEKS, ChronoUnit.MONTHS};
        Periods periods =
                new Periods.Calendar(units[random.nextInt(3)], ZoneId.of(ZONES[random.nextInt(ZONES.length)]));
        return new Limits(
                List.of(
                        new Algorithm.FixedWindow(few(random), periods),
                        new Algorithm.FixedWindow(few(random), periods)),
                DAY);
    }

    private static long few(Random random) {
        return random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 4 : 50);
    }

    /** Mostly the first; the limit is changed for a while, as by replicas on different versions of a policy. */
    Algorithm figures(Random random) {
        return choices.get(random.nextInt(5) == 0 ? choices.size() - 1 : 0);
    }

    long beforeBoundary(long now) {
        Algorithm figures = choices.get(0);
        if (figures instanceof Algorithm.FixedWindow fixed) {
            return Almanac.end(fixed.periods(), now) - now;
        }
        long step = figures instanceof Algorithm.SlidingWindow ? (windowMicros + 59) / 60 : windowMicros;
        return step - now % step;
    }
}

package dev.weir.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.policy.BucketNames;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The cases of {@code vectors.yaml}, to be run through every implementation of {@link Buckets}. */
public final class Vectors {
    private static final long SECOND = 1_000_000;

    private Vectors() {}

    /** One case; its name is what a test report shows. */
    public record Case(Map<String, Object> fields) {
        String name() {
            return (String) fields.get("name");
        }

        @SuppressWarnings("unchecked")
        List<Map<String, Object>> steps() {
            return (List<Map<String, Object>>) fields.get("steps");
        }

        /** With the figures of the case, or those that the step changes. */
        Algorithm algorithm(Map<String, Object> step) {
            long limit = number(step.getOrDefault("limit", fields.get("limit")));
            Object burst = step.getOrDefault("burst", fields.get("burst"));
            Object window = fields.get("window");
            return switch ((String) fields.getOrDefault("algorithm", "sliding_window")) {
                case "token_bucket" -> Algorithm.TokenBucket.of(limit, seconds(window), number(burst));
                case "fixed_window" -> new Algorithm.FixedWindow(limit, new Periods.Every(seconds(window)));
                case "calendar" ->
                    new Algorithm.FixedWindow(
                            limit, new Periods.Calendar(ChronoUnit.valueOf((String) window), ZoneId.of((String)
                                    fields.get("zone"))));
                case "counting" -> new Algorithm.Counter(limit, new Periods.Every(seconds(window)));
                case "parallel" -> new Algorithm.Parallel(limit, seconds(window));
                default -> new Algorithm.SlidingWindow(limit, seconds(window));
            };
        }

        /** What `at: 0` means. Without a time of its own, a multiple of every cell's and window's length in the file. */
        long start() {
            if (fields.containsKey("start")) {
                Instant start = Instant.parse((String) fields.get("start"));
                return ChronoUnit.MICROS.between(Instant.EPOCH, start);
            }
            long step = fields.get("algorithm") == null
                    ? ((Algorithm.SlidingWindow) algorithm(Map.of())).cellMicros()
                    : seconds(fields.get("window"));
            return (ManualClock.START + step - 1) / step * step;
        }

        @Override
        public String toString() {
            return name();
        }
    }

    @SuppressWarnings("unchecked")
    public static Stream<Case> all() throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("vectors.yaml")) {
            Object cases = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            return ((List<Map<String, Object>>) cases).stream().map(Case::new);
        }
    }

    /**
     * Runs a case.
     *
     * @param clock the clock that the buckets read
     */
    public static void run(Case vector, Buckets buckets, ManualClock clock) {
        String domain = "vectors " + vector.name();
        for (Map<String, Object> step : vector.steps()) {
            clock.set(vector.start() + micros(step.get("at")));
            String at = vector.name() + ": " + step;
            if (step.containsKey("admit")) {
                expectLevel(at, step, admitted(at, admit(vector, step, domain, buckets, step.get("admit"), null)));
            } else if (step.containsKey("hold")) {
                Outcome outcome = admit(vector, step, domain, buckets, step.get("hold"), (String) step.get("as"));
                expectLevel(at, step, admitted(at, outcome));
            } else if (step.containsKey("refuse")) {
                Outcome outcome = admit(vector, step, domain, buckets, step.get("refuse"), null);
                expectLevel(
                        at,
                        step,
                        assertInstanceOf(Outcome.Refused.class, outcome, at)
                                .levels()
                                .get(0));
            } else if (step.containsKey("undo")) {
                String name = BucketNames.reservation(domain, (String) step.get("undo"));
                Settled settled =
                        buckets.settle(name, Usage.UNDONE).toCompletableFuture().join();
                assertEquals(Settled.Kind.SETTLED, settled.kind(), at);
            } else if (step.containsKey("give_back")) {
                long amount = -number(step.get("give_back"));
                expectLevel(at, step, admitted(at, admit(vector, step, domain, buckets, amount, null)));
            } else if (step.containsKey("vacate")) {
                String name = BucketNames.reservation(domain, (String) step.get("vacate"));
                boolean known = buckets.vacate(name).toCompletableFuture().join();
                assertEquals(step.getOrDefault("known", true), known, at);
            } else if (step.containsKey("renew")) {
                String name = BucketNames.reservation(domain, (String) step.get("renew"));
                boolean known = buckets.renew(name, 3_600 * SECOND)
                        .toCompletableFuture()
                        .join();
                assertEquals(step.getOrDefault("known", true), known, at);
            } else {
                settle(at, domain, buckets, step);
            }
        }
    }

    private static Outcome admit(
            Case vector, Map<String, Object> step, String domain, Buckets buckets, Object amount, String reservation) {
        Algorithm algorithm = vector.algorithm(step);
        boolean stays = reservation == null || step.containsKey("stays");
        EndAction atEnd =
                algorithm instanceof Algorithm.Parallel ? EndAction.RELEASE : stays ? EndAction.KEEP : EndAction.SETTLE;
        Charge charge = new Charge("w1:{" + domain + "}:bucket", algorithm, number(amount), atEnd);
        String name = reservation == null ? null : BucketNames.reservation(domain, reservation);
        return buckets.admit(new Admission(List.of(charge), name, 3_600 * SECOND))
                .toCompletableFuture()
                .join();
    }

    private static BucketStatus admitted(String at, Outcome outcome) {
        return assertInstanceOf(Outcome.Admitted.class, outcome, at).levels().get(0);
    }

    private static void settle(String at, String domain, Buckets buckets, Map<String, Object> step) {
        String kind = Stream.of("settle", "keep", "unknown")
                .filter(step::containsKey)
                .findFirst()
                .orElseThrow();
        Usage usage = !kind.equals("settle")
                ? Usage.UNKNOWN
                : step.containsKey("less")
                        ? new Usage.Less(number(step.get("less")))
                        : Usage.of(number(step.get("tokens")));
        Settled settled = buckets.settle(BucketNames.reservation(domain, (String) step.get(kind)), usage)
                .toCompletableFuture()
                .join();
        Settled.Kind expected = switch (kind) {
            case "settle" -> Settled.Kind.SETTLED;
            case "keep" -> Settled.Kind.KEPT;
            default -> Settled.Kind.UNKNOWN;
        };
        assertEquals(expected, settled.kind(), at);
        if (step.containsKey("held")) {
            long held = ((Number) step.get("held")).longValue();
            assertEquals(Settled.of(held, usage), settled, at);
        }
    }

    private static void expectLevel(String at, Map<String, Object> step, BucketStatus level) {
        if (step.containsKey("used")) {
            assertEquals(((Number) step.get("used")).longValue(), level.used(), at + ": used");
        }
        if (step.containsKey("reset")) {
            assertEquals(micros(step.get("reset")), level.resetMicros(), at + ": reset");
        }
        if (step.containsKey("retry")) {
            long retry = step.get("retry").equals("never") ? BucketStatus.NEVER : micros(step.get("retry"));
            assertEquals(retry, level.retryMicros(), at + ": retry");
        }
    }

    private static long number(Object value) {
        return ((Number) value).longValue();
    }

    private static long seconds(Object value) {
        return number(value) * SECOND;
    }

    private static long micros(Object seconds) {
        return new BigDecimal(seconds.toString()).movePointRight(6).longValueExact();
    }
}

package dev.weir.bucket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.policy.BucketNames;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The cases of {@code vectors.yaml}, to be run through every implementation of {@link Buckets}. */
public final class Vectors {
    private static final long SECOND = 1_000_000;

    private Vectors() {}

    /** One case; its name is what a test report shows. */
    public record Case(String name, long limit, long windowMicros, List<Map<String, Object>> steps) {
        @Override
        public String toString() {
            return name;
        }
    }

    @SuppressWarnings("unchecked")
    public static Stream<Case> all() throws IOException {
        try (InputStream in = Vectors.class.getResourceAsStream("vectors.yaml")) {
            Object cases = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
            return ((List<Map<String, Object>>) cases)
                    .stream()
                            .map(fields -> new Case(
                                    (String) fields.get("name"),
                                    ((Number) fields.get("limit")).longValue(),
                                    ((Number) fields.get("window")).longValue() * SECOND,
                                    (List<Map<String, Object>>) fields.get("steps")));
        }
    }

    /**
     * Runs a case.
     *
     * @param clock the clock that the buckets read
     */
    public static void run(Case vector, Buckets buckets, ManualClock clock) {
        String domain = "vectors " + vector.name();
        // A multiple of every cell's length in the file, so that times start with a cell.
        long cell = SlidingWindow.cellMicros(vector.windowMicros());
        long start = (ManualClock.START + cell - 1) / cell * cell;
        for (Map<String, Object> step : vector.steps()) {
            clock.set(start + micros(step.get("at")));
            String at = vector.name() + ": " + step;
            if (step.containsKey("admit")) {
                expectLevel(at, step, admitted(at, admit(vector, domain, buckets, step.get("admit"), null)));
            } else if (step.containsKey("hold")) {
                Outcome outcome = admit(vector, domain, buckets, step.get("hold"), (String) step.get("as"));
                expectLevel(at, step, admitted(at, outcome));
            } else if (step.containsKey("refuse")) {
                Outcome outcome = admit(vector, domain, buckets, step.get("refuse"), null);
                expectLevel(
                        at,
                        step,
                        assertInstanceOf(Outcome.Refused.class, outcome, at)
                                .levels()
                                .get(0));
            } else {
                settle(at, domain, buckets, step);
            }
        }
    }

    private static Outcome admit(Case vector, String domain, Buckets buckets, Object amount, String reservation) {
        Charge charge = new Charge(
                "w1:{" + domain + "}:bucket",
                vector.limit(),
                vector.windowMicros(),
                ((Number) amount).longValue(),
                reservation != null);
        String name = reservation == null ? null : BucketNames.reservation(domain, reservation);
        return buckets.admit(new Admission(List.of(charge), name, 3_600 * SECOND))
                .toCompletableFuture()
                .join();
    }

    private static Level admitted(String at, Outcome outcome) {
        return assertInstanceOf(Outcome.Admitted.class, outcome, at).levels().get(0);
    }

    private static void settle(String at, String domain, Buckets buckets, Map<String, Object> step) {
        String kind = Stream.of("settle", "keep", "unknown")
                .filter(step::containsKey)
                .findFirst()
                .orElseThrow();
        OptionalLong tokens = kind.equals("settle")
                ? OptionalLong.of(((Number) step.get("tokens")).longValue())
                : OptionalLong.empty();
        Settled settled = buckets.settle(BucketNames.reservation(domain, (String) step.get(kind)), tokens)
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
            assertEquals(new Settled(expected, held, tokens.orElse(held)), settled, at);
        }
    }

    private static void expectLevel(String at, Map<String, Object> step, Level level) {
        if (step.containsKey("used")) {
            assertEquals(((Number) step.get("used")).longValue(), level.used(), at + ": used");
        }
        if (step.containsKey("reset")) {
            assertEquals(micros(step.get("reset")), level.resetMicros(), at + ": reset");
        }
        if (step.containsKey("retry")) {
            long retry = step.get("retry").equals("never") ? Level.NEVER : micros(step.get("retry"));
            assertEquals(retry, level.retryMicros(), at + ": retry");
        }
    }

    private static long micros(Object seconds) {
        return new BigDecimal(seconds.toString()).movePointRight(6).longValueExact();
    }
}

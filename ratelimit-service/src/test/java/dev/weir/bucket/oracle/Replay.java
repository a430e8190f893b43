package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Plays a schedule to the model and to a store, and compares every answer. */
public final class Replay {
    /** Redis lets values go by its own clock, which does not stand still with the test's: ample for one schedule. */
    private static final long REAL_TIME_MICROS = 2_000_000;

    /** How often a run came to each kind of answer; a run without refusals would prove little. */
    public record Tally(int admitted, int refused, int settled) {
        public Tally plus(Tally other) {
            return new Tally(admitted + other.admitted, refused + other.refused, settled + other.settled);
        }
    }

    private final Schedule schedule;
    private final StringBuilder story = new StringBuilder();

    private Replay(Schedule schedule) {
        this.schedule = schedule;
    }

    /** @param repeat the command that plays one schedule again, but for the seed */
    public static Tally compare(Schedule schedule, Buckets buckets, ManualClock clock, String repeat) {
        return new Replay(schedule).run(buckets, clock, repeat);
    }

    private Tally run(Buckets buckets, ManualClock clock, String repeat) {
        ReferenceModel model = new ReferenceModel(schedule.store());
        Tally tally = new Tally(0, 0, 0);
        clock.set(schedule.start());
        for (int i = 0; i < schedule.steps().size(); i++) {
            Schedule.Step step = schedule.steps().get(i);
            clock.set(clock.getAsLong() + step.waitMicros());
            long now = clock.getAsLong();
            Object expected;
            Object actual;
            if (step instanceof Schedule.Admit admit) {
                expected = model.admit(admit.admission(), now);
                actual = join(buckets.admit(admit.admission()));
                tally = tally.plus(expected instanceof Outcome.Admitted ? new Tally(1, 0, 0) : new Tally(0, 1, 0));
            } else {
                Schedule.Settle settle = (Schedule.Settle) step;
                expected = model.settle(settle.reservation(), settle.usage(), now);
                actual = join(buckets.settle(settle.reservation(), settle.usage()));
                tally = tally.plus(new Tally(0, 0, 1));
            }
            tell(i, step, now);
            if (!expected.equals(actual)) {
                throw new AssertionError("seed " + schedule.seed() + ", step " + i + "\n" + story + "    model: "
                        + expected + "\n    store: " + actual + "\nrepeat: " + repeat + schedule.seed());
            }
            story.append("    ").append(expected).append('\n');
            if (schedule.store() == ReferenceModel.Store.REDIS) {
                clock.set(now + model.untilEmpty(REAL_TIME_MICROS, now));
            }
        }
        return tally;
    }

    private void tell(int i, Schedule.Step step, long now) {
        story.append(i)
                .append(" at ")
                .append(now - schedule.start())
                .append(" us (")
                .append(now)
                .append("): ");
        if (step instanceof Schedule.Admit admit) {
            story.append("admit as ").append(admit.admission().reservation()).append(" for ");
            story.append(admit.admission().reservationMicros()).append(" us\n");
            story.append(admit.admission().charges().stream().map(Replay::words).collect(Collectors.joining()));
        } else {
            Schedule.Settle settle = (Schedule.Settle) step;
            story.append("settle ")
                    .append(settle.reservation())
                    .append(' ')
                    .append(settle.usage())
                    .append('\n');
        }
    }

    private static String words(Charge charge) {
        String figures = charge.algorithm() instanceof Algorithm.Fixed fixed
                ? "Fixed[limit=" + fixed.limit() + ", " + fixed.periods().id() + "]"
                : charge.algorithm().toString();
        return "    " + charge.amount() + " " + charge.atEnd() + " of " + charge.bucket() + " " + figures + "\n";
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

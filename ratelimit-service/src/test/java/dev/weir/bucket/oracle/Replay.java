package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Outcome;
import java.util.ArrayList;
import java.util.List;
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
        List<Answer> burst = new ArrayList<>();
        for (int i = 0; i < schedule.steps().size(); i++) {
            Schedule.Step step = schedule.steps().get(i);
            clock.set(clock.getAsLong() + step.waitMicros());
            long now = clock.getAsLong();
            Answer answer = play(i, step, model, buckets, now);
            burst.add(answer);
            tally = tally.plus(tally(step, answer));
            long wait = schedule.store() == ReferenceModel.Store.REDIS ? model.untilEmpty(REAL_TIME_MICROS, now) : 0;
            if (wait > 0 || !comesWith(i, i + 1)) {
                burst.forEach(each -> check(each, repeat));
                burst.clear();
            }
            clock.set(now + wait);
        }
        return tally;
    }

    /** Admissions of one moment are not waited for: Redis gets them together, and must answer as if one by one. */
    private boolean comesWith(int step, int next) {
        return next < schedule.steps().size()
                && schedule.steps().get(next).waitMicros() == 0
                && schedule.steps().get(step) instanceof Schedule.Admit
                && schedule.steps().get(next) instanceof Schedule.Admit;
    }

    private record Answer(int step, Object expected, CompletionStage<?> actual) {}

    private Answer play(int i, Schedule.Step step, ReferenceModel model, Buckets buckets, long now) {
        tell(i, step, now);
        Answer answer;
        if (step instanceof Schedule.Admit admit) {
            answer = new Answer(i, model.admit(admit.admission(), now), buckets.admit(admit.admission()));
        } else if (step instanceof Schedule.Renew renew) {
            answer = new Answer(
                    i,
                    model.renew(renew.reservation(), renew.micros(), now),
                    buckets.renew(renew.reservation(), renew.micros()));
        } else if (step instanceof Schedule.Vacate vacate) {
            answer = new Answer(i, model.vacate(vacate.reservation(), now), buckets.vacate(vacate.reservation()));
        } else {
            Schedule.Settle settle = (Schedule.Settle) step;
            answer = new Answer(
                    i,
                    model.settle(settle.reservation(), settle.usage(), now),
                    buckets.settle(settle.reservation(), settle.usage()));
        }
        story.append("    ").append(answer.expected()).append('\n');
        return answer;
    }

    private static Tally tally(Schedule.Step step, Answer answer) {
        if (step instanceof Schedule.Admit) {
            return answer.expected() instanceof Outcome.Admitted ? new Tally(1, 0, 0) : new Tally(0, 1, 0);
        }
        return new Tally(0, 0, step instanceof Schedule.Settle ? 1 : 0);
    }

    private void check(Answer answer, String repeat) {
        Object actual = answer.actual().toCompletableFuture().join();
        if (!answer.expected().equals(actual)) {
            throw new AssertionError(
                    "seed " + schedule.seed() + ", step " + answer.step() + "\n" + story + "    model: "
                            + answer.expected() + "\n    store: " + actual + "\nrepeat: " + repeat + schedule.seed());
        }
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
        } else if (step instanceof Schedule.Renew renew) {
            story.append("renew ").append(renew.reservation()).append(" for ");
            story.append(renew.micros()).append(" us\n");
        } else if (step instanceof Schedule.Vacate vacate) {
            story.append("vacate ").append(vacate.reservation()).append('\n');
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
        String figures = charge.algorithm() instanceof Algorithm.FixedWindow fixed
                ? "FixedWindow[limit=" + fixed.limit() + ", " + fixed.periods().id() + "]"
                : charge.algorithm().toString();
        return "    " + charge.amount() + " " + charge.measure().word() + " " + charge.atEnd()
                + (charge.shadow() ? " in shadow of " : " of ") + charge.bucket() + " " + figures + "\n";
    }
}

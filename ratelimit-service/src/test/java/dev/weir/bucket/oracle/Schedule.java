package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Usage;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** What happens to a few buckets, one thing after the other: the same for the same seed. */
public record Schedule(long seed, ReferenceModel.Store store, long start, List<Step> steps) {
    private static final long A_YEAR = 365L * 24 * 3_600_000_000L;
    private static final long LESS_THAN_A_DAY = 22 * 3_600_000_000L;

    /** Something that happens so long after the step before; a clock that went back makes that negative. */
    public sealed interface Step {
        long waitMicros();
    }

    /** @param plannedAt the time of the step, unless {@link Replay} waits longer in between */
    public record Admit(long waitMicros, long plannedAt, Admission admission) implements Step {}

    public record Settle(long waitMicros, String reservation, Usage usage) implements Step {}

    public record Renew(long waitMicros, String reservation, long micros) implements Step {}

    public record Vacate(long waitMicros, String reservation) implements Step {}

    public static Schedule of(long seed, ReferenceModel.Store store) {
        return new Generator(seed, store).schedule();
    }

    private static final class Generator {
        private static final List<Measure> SETTLED = List.of(
                Measure.TOKENS,
                Measure.PROMPT_TOKENS,
                Measure.CACHED_TOKENS,
                Measure.COMPLETION_TOKENS,
                Measure.REQUESTS);

        private final Random random;
        private final long seed;
        private final ReferenceModel.Store store;
        private final List<Limits> limits = new ArrayList<>();
        /** Also those of refused requests, which are unknown. */
        private final List<Admit> reserved = new ArrayList<>();

        private final long start;
        private long now;

        Generator(long seed, ReferenceModel.Store store) {
            this.seed = seed;
            this.store = store;
            this.random = new Random(seed * 0x9E3779B97F4A7C15L);
            this.start = ManualClock.START + random.nextLong(3 * A_YEAR);
            this.now = start;
        }

        Schedule schedule() {
            int count = 1 + random.nextInt(6);
            for (int i = 0; i < count; i++) {
                limits.add(Limits.any(random, store));
            }
            List<Step> steps = new ArrayList<>();
            int length = 30 + random.nextInt(21);
            for (int i = 0; i < length; i++) {
                steps.add(reserved.isEmpty() ? admit() : step());
            }
            return new Schedule(seed, store, start, steps);
        }

        private Step step() {
            return switch (random.nextInt(20)) {
                case 0 -> renew();
                case 7 -> vacate();
                case 1, 2, 3, 4, 5, 6 -> settle();
                default -> admit();
            };
        }

        private Admit admit() {
            long wait = pause();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < limits.size(); i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            String reservation =
                    random.nextInt(5) < 2 ? null : "w1:{oracle " + seed + "}/reservation:" + reserved.size();
            List<Charge> charges = new ArrayList<>();
            for (int i : order.subList(0, 1 + random.nextInt(Math.min(order.size(), 1 + random.nextInt(6))))) {
                charges.add(charge(i, reservation != null));
            }
            Admission admission = new Admission(charges, reservation, reservation == null ? 0 : keptMicros());
            Admit admit = new Admit(wait, now, admission);
            if (reservation != null) {
                reserved.add(admit);
            }
            return admit;
        }

        private Charge charge(int i, boolean reserves) {
            Algorithm figures = limits.get(i).figures(random);
            String name = "w1:{oracle " + seed + "}:" + i + ":" + figures.id();
            boolean shadow = random.nextInt(5) == 0;
            if (figures instanceof Algorithm.Parallel) {
                return reserves && random.nextInt(5) > 0
                        ? new Charge(name, figures, 1, EndAction.RELEASE, shadow)
                        : new Charge(name, figures, 0, EndAction.KEEP, shadow);
            }
            if (random.nextInt(12) == 0) {
                return new Charge(name, figures, -1 - amount(figures.most()), EndAction.KEEP, shadow);
            }
            long amount = amount(figures.most());
            return reserves && random.nextInt(3) > 0
                    ? new Charge(name, figures, settled(), amount, EndAction.SETTLE, shadow)
                    : new Charge(name, figures, amount, EndAction.KEEP, shadow);
        }

        private Measure settled() {
            return random.nextBoolean() ? Measure.TOKENS : SETTLED.get(random.nextInt(SETTLED.size()));
        }

        private long amount(long most) {
            return switch (random.nextInt(20)) {
                case 0, 1 -> 0;
                case 2 -> most;
                case 3 -> most + 1 + random.nextInt(3);
                case 4, 5, 6, 7 -> random.nextLong(most + 1);
                case 8, 9, 10, 11, 12 -> random.nextLong(most / 4 + 2);
                default -> 1;
            };
        }

        /** Redis lets reservations go by its own clock, so there none expires. */
        private long keptMicros() {
            return switch (store == ReferenceModel.Store.REDIS ? 0 : random.nextInt(4)) {
                case 1 -> 1;
                case 2 -> limit().windowMicros();
                case 3 -> 1 + random.nextLong(2 * limit().windowMicros());
                default -> 100 * A_YEAR;
            };
        }

        private Renew renew() {
            long wait = pause();
            Admit admitted = anyReserved();
            boolean unknown = random.nextInt(20) == 0 || tooLate(admitted);
            return new Renew(
                    wait, admitted.admission().reservation() + (unknown ? " of somebody else" : ""), keptMicros());
        }

        private Vacate vacate() {
            long wait = pause();
            Admit admitted = anyReserved();
            boolean unknown = random.nextInt(20) == 0 || tooLate(admitted);
            return new Vacate(wait, admitted.admission().reservation() + (unknown ? " of somebody else" : ""));
        }

        private Admit anyReserved() {
            return random.nextBoolean()
                    ? reserved.get(reserved.size() - 1)
                    : reserved.get(random.nextInt(reserved.size()));
        }

        private Settle settle() {
            long wait = pause();
            Admit admitted = anyReserved();
            Admission admission = admitted.admission();
            // Of the smallest limit: a debt of millions would leave what a double counts exactly.
            Charge charge = Collections.min(
                    admission.charges(),
                    Comparator.comparingLong(each -> each.algorithm().most()));
            long held = Math.max(0, charge.amount());
            Usage usage = switch (random.nextInt(10)) {
                case 0 -> Usage.UNKNOWN;
                case 1 -> Usage.UNDONE;
                case 2 -> Usage.of(0);
                case 3 -> Usage.of(held);
                case 4 -> Usage.of(random.nextLong(held + 1));
                case 5 -> new Usage.Less(random.nextLong(held + 2));
                case 6, 7, 8 -> new Usage.Known(amounts(held, charge.algorithm().most()));
                default -> Usage.of(held + random.nextLong(charge.algorithm().most() + 2));
            };
            boolean unknown = random.nextInt(20) == 0 || tooLate(admitted);
            return new Settle(wait, admission.reservation() + (unknown ? " of somebody else" : ""), usage);
        }

        /** Of some measures, which the reservation may hold or not. */
        private Amounts amounts(long held, long most) {
            Amounts amounts = Amounts.of(settled(), random.nextLong(held + 1));
            while (random.nextBoolean()) {
                amounts = amounts.and(settled(), random.nextLong(held + most + 2));
            }
            return amounts;
        }

        /** A script knows the calendar as far as the end of the period after the charge, and loses a debt that comes later. */
        private boolean tooLate(Admit admitted) {
            return store == ReferenceModel.Store.REDIS && now - admitted.plannedAt() > LESS_THAN_A_DAY;
        }

        /**
         * Back only in memory, where a bucket that was ever charged remembers the latest time of all calls; in Redis it remembers
         * that of the last charge, and forgets it with what it counted.
         */
        private long pause() {
            Limits limit = limit();
            long wait = switch (random.nextInt(20)) {
                case 0, 1 -> 1 + random.nextInt(100);
                case 2, 3 -> limit.windowMicros() / 60 + random.nextInt(3);
                case 4, 5 -> random.nextLong(limit.windowMicros() / 2 + 1);
                case 6, 7 -> limit.windowMicros() + random.nextInt(3) - 1;
                case 8 -> limit.windowMicros() * (1 + random.nextInt(100));
                case 9, 10 -> limit.beforeBoundary(now) + random.nextInt(3) - 1;
                case 11 -> store == ReferenceModel.Store.MEMORY ? -random.nextLong(2 * limit.windowMicros()) : 0;
                default -> 0;
            };
            now += wait;
            return wait;
        }

        private Limits limit() {
            return limits.get(random.nextInt(limits.size()));
        }
    }
}

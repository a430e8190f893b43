package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All that ever happened to one bucket, in the order of time: a time before the last one counts as the last one. */
final class History {
    private static final long ASK_AGAIN_MICROS = 1_000_000;

    sealed interface Event {
        Algorithm figures();

        long at();
    }

    record Charged(Algorithm figures, long amount, long at) implements Event {}

    /** What was used above the estimate. */
    record Owed(Algorithm figures, long amount, long at) implements Event {}

    /** A part of a charge; {@code figures} are those of that charge. */
    record GivenBack(Charged charge, long amount, long at) implements Event {
        @Override
        public Algorithm figures() {
            return charge.figures();
        }
    }

    /** Nothing came or went, but from here on what is owed flows back by these figures. */
    record Seen(Algorithm figures, long at) implements Event {}

    /** What counts and would be forgotten first; nothing that is charged later. */
    record TakenBack(Algorithm figures, long amount, long at) implements Event {}

    /** A slot that is kept for as long again, or taken again. */
    record Renewed(Charged charge, long at) implements Event {
        @Override
        public Algorithm figures() {
            return charge.figures();
        }
    }

    private final List<Event> events = new ArrayList<>();

    private long now(long clock) {
        return events.isEmpty()
                ? clock
                : Math.max(clock, events.get(events.size() - 1).at());
    }

    /** A bucket that was never charged does not exist, and has seen nothing. */
    void see(Algorithm figures, long clock) {
        if (!events.isEmpty()) {
            events.add(new Seen(figures, now(clock)));
        }
    }

    /** What is owed to a token bucket flows back by the figures of the last call, whatever became of that. */
    boolean flowsBackOtherwise(Algorithm figures) {
        return figures instanceof Algorithm.TokenBucket now
                && !events.isEmpty()
                && events.get(events.size() - 1).figures() instanceof Algorithm.TokenBucket last
                && (last.sharesPerMicro() != now.sharesPerMicro() || last.sharesPerUnit() != now.sharesPerUnit());
    }

    Charged charge(Algorithm figures, long amount, long clock) {
        Charged charged = new Charged(figures, amount, now(clock));
        if (amount > 0) {
            events.add(charged);
        }
        return charged;
    }

    void owe(Algorithm figures, long amount, long clock) {
        events.add(new Owed(figures, amount, now(clock)));
    }

    /** Nothing, too: what a window is owed is paid then, as far as it fits. A slot is freed once. */
    void giveBack(Charged charge, long amount, long clock) {
        if (charge.figures() instanceof Algorithm.Parallel) {
            events.add(new GivenBack(charge, Math.min(amount, left(charge)), now(clock)));
            return;
        }
        boolean window = !events.isEmpty() && !(charge.figures() instanceof Algorithm.TokenBucket);
        if (amount > 0 || window) {
            events.add(new GivenBack(charge, amount, now(clock)));
        }
    }

    void renew(Charged charge, long clock) {
        events.add(new Renewed(charge, now(clock)));
    }

    /** From the charges that would be forgotten first; a token bucket does not know one from the other. */
    void takeBack(Algorithm figures, long amount, long clock) {
        if (!events.isEmpty() && !(figures instanceof Algorithm.Parallel)) {
            events.add(new TakenBack(figures, amount, now(clock)));
        } else {
            see(figures, clock);
        }
    }

    boolean fits(Algorithm figures, long amount, long clock) {
        return retry(figures, amount, now(clock)) == 0;
    }

    BucketStatus level(Algorithm figures, long amount, long clock) {
        long now = now(clock);
        if (figures instanceof Algorithm.TokenBucket refilling) {
            BigInteger owed = Debt.of(events, refilling, now);
            return new BucketStatus(
                    Debt.up(owed, refilling.sharesPerUnit()),
                    Debt.up(owed, refilling.sharesPerMicro()),
                    retry(figures, amount, now));
        }
        if (figures instanceof Algorithm.Parallel) {
            return new BucketStatus(slots(now), untilEmpty(clock), retry(figures, amount, now));
        }
        Window window = Window.of(events, figures, now);
        return new BucketStatus(window.used(), window.untilAtMost(0, now), retry(figures, amount, now));
    }

    private long retry(Algorithm figures, long amount, long now) {
        long wanted = Math.max(amount, 1);
        if (wanted > figures.most()) {
            return BucketStatus.NEVER;
        }
        if (figures instanceof Algorithm.TokenBucket refilling) {
            BigInteger tooMuch = Debt.of(events, refilling, now)
                    .add(Debt.shares(refilling, wanted))
                    .subtract(Debt.shares(refilling, refilling.burst()));
            return Debt.up(tooMuch.max(BigInteger.ZERO), refilling.sharesPerMicro());
        }
        long room = figures.most() - wanted;
        if (figures instanceof Algorithm.Parallel) {
            return slots(now) <= room ? 0 : ASK_AGAIN_MICROS;
        }
        return Window.of(events, figures, now).untilAtMost(room, now);
    }

    long untilEmpty(long clock) {
        long now = now(clock);
        if (!events.isEmpty() && events.get(events.size() - 1).figures() instanceof Algorithm.TokenBucket last) {
            return Debt.up(Debt.of(events, last, now), last.sharesPerMicro());
        }
        if (!events.isEmpty() && !(events.get(0).figures() instanceof Algorithm.Parallel)) {
            return Window.of(events, events.get(0).figures(), now).untilAtMost(0, now);
        }
        return charges()
                .filter(charge -> left(charge) > 0)
                .mapToLong(charge -> forgottenAt(charge) - now)
                .filter(left -> left > 0)
                .max()
                .orElse(0);
    }

    private long slots(long then) {
        return charges()
                .filter(charge -> forgottenAt(charge) > then)
                .mapToLong(this::left)
                .reduce(0, Math::addExact);
    }

    private Stream<Charged> charges() {
        return events.stream().filter(Charged.class::isInstance).map(Charged.class::cast);
    }

    /** What was not given back of it. By identity: two charges may look the same. */
    @SuppressWarnings("ReferenceEquality")
    private long left(Charged charge) {
        long left = charge.amount();
        for (Event event : events) {
            if (event instanceof GivenBack back && back.charge() == charge) {
                left -= back.amount();
            } else if (event instanceof Renewed renewed && renewed.charge() == charge) {
                left = charge.amount();
            }
        }
        return left;
    }

    private long forgottenAt(Charged charge) {
        return lastTaken(charge) + ((Algorithm.Parallel) charge.figures()).leaseMicros();
    }

    @SuppressWarnings("ReferenceEquality")
    private long lastTaken(Charged charge) {
        return events.stream()
                .filter(event -> event instanceof Renewed renewed && renewed.charge() == charge)
                .mapToLong(Event::at)
                .max()
                .orElse(charge.at());
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Level;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
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
        return figures instanceof Algorithm.Refilling now
                && !events.isEmpty()
                && events.get(events.size() - 1).figures() instanceof Algorithm.Refilling last
                && (last.sharesPerMicro() != now.sharesPerMicro() || last.sharesPerUnit() != now.sharesPerUnit());
    }

    Charged charge(Algorithm figures, long amount, long clock) {
        Charged charged = new Charged(figures, amount, now(clock));
        if (amount > 0) {
            events.add(charged);
        }
        return charged;
    }

    /** A window does not know the charges of one cell apart: what was taken back of this one is missed by the others. */
    void giveBack(Charged charge, long amount, long clock) {
        long now = now(clock);
        if (charge.figures() instanceof Algorithm.Refilling) {
            events.add(new GivenBack(charge, amount, now));
            return;
        }
        if (charge.figures() instanceof Algorithm.Parallel) {
            events.add(new GivenBack(charge, Math.min(amount, left(charge)), now));
            return;
        }
        List<Charged> sameCell = charges()
                .filter(other -> forgottenAt(other) == forgottenAt(charge))
                .toList();
        spread(amount, sameCell, now);
    }

    private void spread(long amount, List<Charged> charges, long now) {
        long wanted = amount;
        for (Charged charge : charges) {
            long back = Math.min(wanted, left(charge));
            events.add(new GivenBack(charge, back, now));
            wanted -= back;
        }
    }

    void renew(Charged charge, long clock) {
        events.add(new Renewed(charge, now(clock)));
    }

    /** From the charges that would be forgotten first; a token bucket does not know one from the other. */
    void takeBack(Algorithm figures, long amount, long clock) {
        see(figures, clock);
        long now = now(clock);
        if (figures instanceof Algorithm.Refilling) {
            if (!events.isEmpty()) {
                events.add(new TakenBack(figures, amount, now));
            }
            return;
        }
        spread(
                amount,
                charges()
                        .filter(charge -> forgottenAt(charge) > now && left(charge) > 0)
                        .sorted(Comparator.comparingLong(this::forgottenAt))
                        .toList(),
                now);
    }

    boolean fits(Algorithm figures, long amount, long clock) {
        return retry(figures, amount, now(clock)) == 0;
    }

    Level level(Algorithm figures, long amount, long clock) {
        long now = now(clock);
        if (figures instanceof Algorithm.Refilling refilling) {
            BigInteger owed = Debt.of(events, refilling, now);
            return new Level(
                    Debt.up(owed, refilling.sharesPerUnit()),
                    Debt.up(owed, refilling.sharesPerMicro()),
                    retry(figures, amount, now));
        }
        return new Level(counting(now), untilEmpty(clock), retry(figures, amount, now));
    }

    private long retry(Algorithm figures, long amount, long now) {
        long wanted = Math.max(amount, 1);
        if (wanted > figures.most()) {
            return Level.NEVER;
        }
        if (figures instanceof Algorithm.Refilling refilling) {
            BigInteger tooMuch = Debt.of(events, refilling, now)
                    .add(Debt.shares(refilling, wanted))
                    .subtract(Debt.shares(refilling, refilling.burst()));
            return Debt.up(tooMuch.max(BigInteger.ZERO), refilling.sharesPerMicro());
        }
        long room = figures.most() - wanted;
        if (counting(now) <= room) {
            return 0;
        }
        if (figures instanceof Algorithm.Parallel) {
            return ASK_AGAIN_MICROS;
        }
        return charges()
                        .mapToLong(this::forgottenAt)
                        .filter(then -> then > now && counting(then) <= room)
                        .min()
                        .orElseThrow()
                - now;
    }

    long untilEmpty(long clock) {
        long now = now(clock);
        if (!events.isEmpty() && events.get(events.size() - 1).figures() instanceof Algorithm.Refilling last) {
            return Debt.up(Debt.of(events, last, now), last.sharesPerMicro());
        }
        return charges()
                .filter(charge -> left(charge) > 0)
                .mapToLong(charge -> forgottenAt(charge) - now)
                .filter(left -> left > 0)
                .max()
                .orElse(0);
    }

    private long counting(long then) {
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
        if (charge.figures() instanceof Algorithm.Sliding sliding) {
            long cell = (sliding.windowMicros() + 59) / 60;
            return (charge.at() / cell + 61) * cell;
        }
        if (charge.figures() instanceof Algorithm.Fixed fixed) {
            return Almanac.end(fixed.periods(), charge.at());
        }
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

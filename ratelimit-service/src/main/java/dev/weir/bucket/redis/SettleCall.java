package dev.weir.bucket.redis;

import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import java.util.ArrayList;
import java.util.List;

/** Writes the ends of reservations as {@code settle.lua} reads them, and reads its answer. */
final class SettleCall {
    private static final int DOUBLES = 2;
    private static final int NOTHING = 0;
    private static final int USED = 1;
    private static final int LESS = 2;
    private static final int UNDER_WAY = 3;
    private static final int UNDONE = 4;
    private static final int VACATED = 5;
    private static final Measure[] MEASURES = Measure.values();

    private SettleCall() {}

    /** An action on a reservation. */
    sealed interface Step {
        String reservation();
    }

    record End(String reservation, Usage usage) implements Step {}

    /** @param millis how long it is kept from now */
    record Renewal(String reservation, long millis) implements Step {}

    record Vacancy(String reservation) implements Step {}

    /** Returns the ends that nobody will tell a second time, as Envoy does with what was used. */
    static List<End> toldByNobodyElse(List<? extends Step> steps) {
        return steps.stream()
                .filter(End.class::isInstance)
                .map(End.class::cast)
                .filter(end -> end.usage() instanceof Usage.Unknown || end.usage() instanceof Usage.Undone)
                .toList();
    }

    /** @param time the time that the script is given, in microseconds; empty where it takes the store's */
    static Script.Call of(List<? extends Step> steps, String time) {
        String[] keys = new String[steps.size()];
        Doubles doubles = Doubles.toWrite(doubles(steps));
        for (int i = 0; i < keys.length; i++) {
            Step step = steps.get(i);
            keys[i] = step.reservation();
            if (step instanceof Renewal renewal) {
                doubles.put(UNDER_WAY).put(renewal.millis());
            } else if (step instanceof Vacancy) {
                doubles.put(VACATED).put(0);
            } else {
                put(((End) step).usage(), doubles);
            }
        }
        return new Script.Call(keys, Script.text(time), doubles.bytes());
    }

    private static int doubles(List<? extends Step> steps) {
        int doubles = DOUBLES * steps.size();
        for (Step step : steps) {
            if (step instanceof End end && end.usage() instanceof Usage.Known known) {
                doubles += DOUBLES * known.amounts().size();
            }
        }
        return doubles;
    }

    private static void put(Usage usage, Doubles doubles) {
        if (usage instanceof Usage.Known known) {
            put(known.amounts(), doubles);
        } else if (usage instanceof Usage.Less less) {
            doubles.put(LESS).put(less.tokens());
        } else {
            doubles.put(usage instanceof Usage.Undone ? UNDONE : NOTHING).put(0);
        }
    }

    private static void put(Amounts amounts, Doubles doubles) {
        doubles.put(USED).put(amounts.size());
        for (Measure measure : MEASURES) {
            long amount = amounts.of(measure);
            if (amount != Amounts.UNKNOWN) {
                doubles.put(measure.code()).put(amount);
            }
        }
    }

    static List<Settled> settled(List<? extends Step> steps, byte[] answer) {
        Doubles doubles = Doubles.toRead(answer);
        List<Settled> settled = new ArrayList<>(steps.size());
        for (Step step : steps) {
            boolean known = doubles.next() == 1;
            long held = doubles.next();
            Usage usage = step instanceof End end ? end.usage() : Usage.UNKNOWN;
            settled.add(known ? Settled.of(held, usage) : Settled.UNKNOWN);
        }
        return settled;
    }
}

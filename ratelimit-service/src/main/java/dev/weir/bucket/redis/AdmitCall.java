package dev.weir.bucket.redis;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.Outcome;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes admissions as {@code admit.lua} reads them, and reads its answer. */
final class AdmitCall {
    private static final int DOUBLES_PER_REQUEST = 4;
    private static final int DOUBLES_PER_CHARGE = 5;
    private static final int SHADOW = 3;
    private static final int MEASURE = 6;
    private static final long MICROS_PER_MILLI = 1_000;

    private final List<Admission> admissions;
    private final String time;
    /** The number of each key, counted from 1 as in Lua: the buckets that are strings come first, the reservations last. */
    private final Map<String, Integer> keys = new LinkedHashMap<>();

    private final IdentityHashMap<Algorithm, Integer> figures = new IdentityHashMap<>();
    private final List<Algorithm> algorithms = new ArrayList<>();

    private AdmitCall(List<Admission> admissions, String time) {
        this.admissions = admissions;
        this.time = time;
    }

    /** @param time the time that the script is given, in microseconds; empty where it takes the store's */
    static Script.Call of(List<Admission> admissions, String time) {
        return new AdmitCall(admissions, time).write();
    }

    private Script.Call write() {
        int charges = 0;
        for (Admission admission : admissions) {
            charges += admission.charges().size();
            addBuckets(admission, false);
        }
        int strings = keys.size();
        for (Admission admission : admissions) {
            addBuckets(admission, true);
        }
        for (Admission admission : admissions) {
            if (admission.reservation() != null) {
                number(admission.reservation());
            }
        }
        Doubles requests = Doubles.toWrite(DOUBLES_PER_REQUEST * admissions.size() + DOUBLES_PER_CHARGE * charges);
        for (Admission admission : admissions) {
            write(admission, requests);
        }
        return new Script.Call(
                keys.keySet().toArray(String[]::new),
                Script.text(time),
                Script.text(Integer.toString(strings)),
                AlgorithmCodec.of(algorithms, time),
                requests.bytes());
    }

    private void addBuckets(Admission admission, boolean sets) {
        for (Charge charge : admission.charges()) {
            if (charge.algorithm() instanceof Algorithm.Parallel == sets) {
                number(charge.bucket());
            }
        }
    }

    private int number(String key) {
        Integer next = keys.size() + 1;
        Integer known = keys.putIfAbsent(key, next);
        return known == null ? next : known;
    }

    private void write(Admission admission, Doubles requests) {
        String reservation = admission.reservation();
        requests.put(admission.charges().size())
                .put(taking(admission.taking()))
                .put(reservation == null ? 0 : number(reservation))
                .put(admission.keptMicros() / MICROS_PER_MILLI);
        for (Charge charge : admission.charges()) {
            requests.put(number(charge.bucket()))
                    .put(figures(charge.algorithm()))
                    .put(charge.algorithm().most())
                    .put(charge.amount())
                    .put(end(charge));
        }
    }

    private static int taking(ChargeRule taking) {
        return switch (taking) {
            case ALL_OR_NONE -> 0;
            case EACH -> 1;
            case MISFITS_FIRST -> 2;
        };
    }

    private static int end(Charge charge) {
        int end = switch (charge.atEnd()) {
            case KEEP -> 0;
            case SETTLE -> 1;
            case RELEASE -> 2;
        };
        return charge.measure().code() * MEASURE + (charge.shadow() ? SHADOW + end : end);
    }

    private int figures(Algorithm algorithm) {
        Integer known = figures.get(algorithm);
        if (known == null) {
            algorithms.add(algorithm);
            known = algorithms.size();
            figures.put(algorithm, known);
        }
        return known;
    }

    /** The script's answer to one admission. */
    sealed interface Answer {
        /** @throws IllegalStateException where a bucket cannot be read */
        Outcome outcome();
    }

    private record Decided(Outcome outcome) implements Answer {}

    private record Unreadable(String bucket) implements Answer {
        @Override
        public Outcome outcome() {
            throw new IllegalStateException("what Redis keeps as " + bucket + " is not a bucket; delete it there");
        }
    }

    /** @param prefix the beginning of the buckets' names in Redis */
    static List<Answer> answers(List<Admission> admissions, byte[] answer, String prefix) {
        Doubles doubles = Doubles.toRead(answer);
        List<Answer> answers = new ArrayList<>(admissions.size());
        for (Admission admission : admissions) {
            answers.add(answer(admission.charges(), doubles, prefix));
        }
        return answers;
    }

    private static Answer answer(List<Charge> charges, Doubles doubles, String prefix) {
        int taken = (int) doubles.next();
        if (taken < 0) {
            return new Unreadable(prefix + charges.get(-taken - 1).bucket());
        }
        List<BucketStatus> levels = new ArrayList<>(charges.size());
        for (int i = 0; i < charges.size(); i++) {
            levels.add(new BucketStatus(doubles.next(), doubles.next(), doubles.next()));
        }
        return new Decided(taken == 1 ? new Outcome.Admitted(levels) : new Outcome.Refused(levels));
    }
}

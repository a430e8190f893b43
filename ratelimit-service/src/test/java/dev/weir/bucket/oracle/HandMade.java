package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A transcript written by hand, call after call; a settlement stands between the call before it and the call after it. */
final class HandMade {
    private final List<Asked> asked = new ArrayList<>();
    private final List<Settling> settlings = new ArrayList<>();
    private final List<Function<Moment, Settling>> sinceLast = new ArrayList<>();
    private Moment last = Moment.NONE;

    HandMade admitted(long at, Charge charge, long used) {
        return admitted(at, null, charge, used);
    }

    HandMade admitted(long at, @Nullable String reservation, Charge charge, long used) {
        Outcome outcome = new Outcome.Admitted(List.of(level(charge, used)));
        return call(new Moment(last.serial() + 1, at), new Admission(List.of(charge), reservation, 1), outcome);
    }

    /** By another client: the settlements before it may come after it as well. */
    HandMade meanwhileAdmitted(long at, Charge charge, long used) {
        List<Function<Moment, Settling>> underWay = List.copyOf(sinceLast);
        sinceLast.clear();
        admitted(at, charge, used);
        sinceLast.addAll(underWay);
        return this;
    }

    HandMade refused(long at, Charge charge, long used) {
        Outcome outcome = new Outcome.Refused(List.of(level(charge, used)));
        return call(new Moment(last.serial() + 1, at), new Admission(List.of(charge), null, 0), outcome);
    }

    private static BucketStatus level(Charge charge, long used) {
        boolean fits = used + Math.max(charge.amount(), 1) <= charge.algorithm().most();
        return new BucketStatus(used, 1, fits ? 0 : 1);
    }

    HandMade call(Moment moment, Admission admission, Outcome outcome) {
        last = moment;
        long nanos = 10L * asked.size();
        asked.add(new Asked(0, 0, admission, outcome, moment, nanos, nanos + 5));
        sinceLast.forEach(each -> settlings.add(each.apply(moment)));
        sinceLast.clear();
        return this;
    }

    HandMade settled(String reservation, long held, long used) {
        return settling(reservation, Usage.of(used), new Settled(Settled.Kind.SETTLED, held, used));
    }

    HandMade settling(String reservation, Usage usage, Settled answer) {
        Moment after = last;
        sinceLast.add(next -> new Settling(0, 1, reservation, usage, answer, after, next));
        return this;
    }

    Transcript transcript() {
        return new Transcript(asked, settlings);
    }
}

package dev.weir.bucket.oracle;

import java.util.List;
import java.util.Optional;

/**
 * One order for all: every request has a serial of its own without a gap, time does not go back, and no call stands before one that
 * had been answered when it was sent.
 */
final class OrderChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        List<Asked> asked = transcript.asked();
        long serial = 0;
        long time = 0;
        for (Asked each : asked) {
            serial++;
            if (each.moment().serial() != serial) {
                return Optional.of(Violation.of("as call " + serial + " the clock shows another number", each));
            }
            if (each.moment().at() < time) {
                return Optional.of(Violation.of("the store's time went back from " + time, each));
            }
            time = each.moment().at();
        }
        return lateComer(asked);
    }

    private static Optional<Violation> lateComer(List<Asked> asked) {
        for (int i = asked.size() - 2, answeredFirst = asked.size() - 1; i >= 0; i--) {
            Asked later = asked.get(answeredFirst);
            Asked earlier = asked.get(i);
            if (later.answeredNanos() - earlier.sentNanos() < 0
                    && earlier.moment().compareTo(later.moment()) < 0) {
                return Optional.of(Violation.of("a call stands before one answered when it was sent", earlier, later));
            }
            answeredFirst = earlier.answeredNanos() - later.answeredNanos() < 0 ? i : answeredFirst;
        }
        return Optional.empty();
    }
}

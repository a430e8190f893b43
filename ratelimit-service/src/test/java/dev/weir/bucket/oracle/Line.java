package dev.weir.bucket.oracle;

import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import org.jspecify.annotations.Nullable;

/**
 * What one request asked of one bucket, and what it was told.
 *
 * @param end the settlement that replaced the charge; null where the charge stays, or none took effect
 */
record Line(
        Asked asked,
        Charge charge,
        BucketStatus level,
        @Nullable Settling end) {
    Moment moment() {
        return asked.moment();
    }

    boolean charged() {
        return asked.admitted() && charge.amount() > 0;
    }

    long wanted() {
        return Math.max(charge.amount(), 1);
    }

    /** What counts in the place of the amount once the request has ended. */
    long truth() {
        if (end == null) {
            return charge.amount();
        }
        return charge.atEnd() == EndAction.RELEASE ? 0 : end.usage().insteadOf(charge.measure(), charge.amount());
    }

    boolean mayHaveEndedBy(Moment moment) {
        return end != null && end.mayPrecede(moment);
    }

    boolean hasEndedBy(Moment moment) {
        return end != null && end.precedes(moment);
    }

    /** The least that may count of the charge at that moment. */
    long leastAt(Moment moment) {
        return mayHaveEndedBy(moment) ? Math.min(truth(), charge.amount()) : charge.amount();
    }

    String words() {
        return "%s %d at %d, client %d by replica %d: %d %s, %s%s"
                .formatted(
                        asked.admitted() ? "admitted" : "refused",
                        moment().serial(),
                        moment().at(),
                        asked.client(),
                        asked.replica(),
                        charge.amount(),
                        charge.atEnd(),
                        level,
                        end == null ? "" : "; " + truth() + " " + end.words());
    }
}

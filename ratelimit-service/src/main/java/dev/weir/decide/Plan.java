package dev.weir.decide;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.request.Descriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A plan of what one request asks of which buckets, and what the store's answer to that means. It serves once. */
interface Plan {
    /** Returns a plan of the dialect that the domain is written in. */
    static Plan of(Domain domain, List<Descriptor> descriptors) {
        Descriptors rules = domain.descriptors();
        return rules == null ? NativePlan.of(domain, descriptors) : DescriptorPlan.of(domain, rules, descriptors);
    }

    /** Returns the decision if it takes no look at any bucket, else null. */
    @Nullable
    Decision known();

    /** Returns whether anything is left to do when the request has ended, so that its charges are kept under a name. */
    boolean needsReservation();

    /**
     * Returns what to ask the store.
     *
     * @param reservation the name under which the charges are kept; null where none is needed
     * @param reservationMicros the least time for which they are kept
     */
    Admission admission(@Nullable String reservation, long reservationMicros, Patience patience);

    /**
     * Returns what the store's answer means.
     *
     * @param reservation the id under which the request is settled; null where none is needed
     */
    Decision decision(Outcome outcome, @Nullable String reservation);
}

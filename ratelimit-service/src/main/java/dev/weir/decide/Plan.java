package dev.weir.decide;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.request.Descriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one request asks of which buckets, and what the store's answer to that means. Serves once. */
interface Plan {
    /** The plan of the dialect that the domain is written in. */
    static Plan of(Domain domain, List<Descriptor> descriptors) {
        Descriptors rules = domain.descriptors();
        return rules == null ? NativePlan.of(domain, descriptors) : DescriptorPlan.of(domain, rules, descriptors);
    }

    /** The decision that needs no look at any bucket, or null. */
    @Nullable
    Decision known();

    /** Whether anything is left to do when the request has ended, so that its charges are kept under a name. */
    boolean needsReservation();

    /**
     * What the store is asked.
     *
     * @param reservation the name under which the charges are kept; null where none is needed
     * @param reservationMicros how long they are kept at least
     */
    Admission admission(@Nullable String reservation, long reservationMicros, Patience patience);

    /**
     * What the store's answer means.
     *
     * @param reservation the id under which the request is settled; null where none is needed
     */
    Decision decision(Outcome outcome, @Nullable String reservation);
}

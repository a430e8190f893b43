package dev.weir.decide;

import dev.weir.bucket.BucketStatus;
import dev.weir.policy.Answers;
import dev.weir.policy.Domain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to a request for room. */
public sealed interface Decision {
    Domain NO_DOMAIN = new Domain("", List.of());

    /** Returns the domain that decided; one without a name where none did. */
    Domain domain();

    /** Returns the limits that were asked, in tier order; none where the request was only a settlement. */
    List<LimitStatus> standings();

    /** Returns the limits in shadow mode that were asked, in tier order. Those that refuse would have refused the request. */
    List<LimitStatus> shadows();

    /** Returns the limit that callers hear of where none refused; null where none was asked. */
    default @Nullable LimitStatus tightest() {
        LimitStatus tightest = null;
        for (LimitStatus standing : standings()) {
            if (standing.isTighterThan(tightest)) {
                tightest = standing;
            }
        }
        return tightest;
    }

    /**
     * The request may pass. As a rule all its limits had room and were charged, but not those in shadow, nor where the domain lets requests
     * pass while the store is overloaded or full.
     *
     * @param reservation the id under which the request is settled at its end; null where nothing is to be done then
     * @param leaseMicros the longest time for which one of its slots is kept without a sign of life; 0 where it has none
     */
    record Allowed(
            Domain domain,
            List<LimitStatus> standings,
            List<LimitStatus> shadows,
            @Nullable String reservation,
            long leaseMicros)
            implements Decision {
        /** An admission in no domain, of a request that asks nothing of any bucket. */
        public static final Allowed NOTHING_ASKED = nothingHeld(NO_DOMAIN, List.of(), List.of());

        /** An admission of a request that no limit of its domain applies to. */
        static final Allowed WITHOUT_LIMIT = nothingHeld(NO_DOMAIN, List.of(), List.of());

        /** Returns whether it was admitted because no limit of its domain, in the native dialect, applies to it. */
        @SuppressWarnings("ReferenceEquality") // There is one such admission.
        public boolean isWithoutLimit() {
            return this == WITHOUT_LIMIT;
        }

        /** Returns an admission at whose end nothing is to be done. */
        static Allowed nothingHeld(Domain domain, List<LimitStatus> standings, List<LimitStatus> shadows) {
            return new Allowed(domain, standings, shadows, null, 0);
        }

        public Answers answers() {
            return domain.settings().answers();
        }

        /** Returns what each limit in shadow mode that had no room would have said if it were enforced. */
        public List<Refused> shadowRefusals() {
            return shadows.isEmpty() ? List.of() : RefusalMessages.byShadows(domain, shadows);
        }
    }

    /**
     * Nothing was charged, except in the descriptors dialect, which may count refused requests too.
     *
     * @param by of the limits that had no room the one to wait for longest, and of those the first in tier order; null where the request
     *     never came to a limit
     * @param retryMicros how long until the request fits if nothing else comes; {@link BucketStatus#NEVER} where waiting does not help
     * @param sentence the reason in words that a caller can act on
     */
    record Refused(
            Domain domain,
            RefusalReason reason,
            @Nullable LimitStatus by,
            List<LimitStatus> standings,
            List<LimitStatus> shadows,
            long retryMicros,
            String sentence)
            implements Decision {}

    /** The call makes no sense to the policy; whoever configured Envoy has to change something. Nothing was charged. */
    record Invalid(Kind kind, String problem) implements Decision {
        /** What it does not fit. */
        public enum Kind {
            /** The policy has no such domain. */
            UNKNOWN_DOMAIN,
            /** It would meet more limits than one call may. */
            TOO_MANY_LIMITS
        }

        @Override
        public Domain domain() {
            return NO_DOMAIN;
        }

        @Override
        public List<LimitStatus> standings() {
            return List.of();
        }

        @Override
        public List<LimitStatus> shadows() {
            return List.of();
        }
    }
}

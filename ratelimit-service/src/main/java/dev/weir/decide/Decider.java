package dev.weir.decide;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Patience;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.measure.Measure;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Domain;
import dev.weir.policy.Overload;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Decides about requests: matches the limits, charges their buckets all at once, answers. */
public final class Decider {
    private volatile Policy policy;
    private final Buckets buckets;
    private final long reservationMicros;
    private final ReservationIds reservationIds = new ReservationIds();

    /** @param reservation how long an admitted request may take until it is settled; afterwards its estimate stands */
    public Decider(Policy policy, Buckets buckets, Duration reservation) {
        this.policy = policy;
        this.buckets = buckets;
        this.reservationMicros = reservation.toNanos() / 1_000;
    }

    /** Returns the policy that it decides by now. */
    public Policy policy() {
        return policy;
    }

    /** Decides by another policy from now on. Buckets of limits that both have keep what was used. */
    public void use(Policy changed) {
        policy = changed;
    }

    /** Decides for a caller that waits for as long as the store does. */
    public CompletionStage<Decision> decide(Request request) {
        return decide(request, Patience.ENDLESS);
    }

    /**
     * Decides about the descriptors of a request; {@link #settle} takes its settlements.
     *
     * @param patience how long the caller waits: a slow store charges nothing for a caller that has gone
     * @return already completed where the buckets are in memory; fails where the store cannot be asked, and where it is overloaded unless
     *     the domain's {@link Overload} says otherwise
     */
    public CompletionStage<Decision> decide(Request request, Patience patience) {
        return decide(request, patience, policy);
    }

    /**
     * Decides by a policy that the caller has read before, so that one call goes by one policy.
     *
     * @param current one that was in force when the call came
     */
    public CompletionStage<Decision> decide(Request request, Patience patience, Policy current) {
        if (request.descriptors().isEmpty()) {
            return answer(Decision.Allowed.NOTHING_ASKED);
        }
        Domain domain = current.domain(request.domain());
        if (domain == null) {
            return answer(new Decision.Invalid(
                    Decision.Invalid.Kind.UNKNOWN_DOMAIN,
                    "the policy has no domain `" + request.domain() + "`; it has "
                            + String.join(", ", current.domains().keySet())));
        }
        Plan plan = Plan.of(domain, request.descriptors());
        Decision known = plan.known();
        if (known != null) {
            return answer(known);
        }
        String id = plan.needsReservation() ? reservationIds.next() : null;
        String reservation = id == null ? null : BucketNames.reservation(domain.name(), id);
        CompletionStage<Outcome> asked = buckets.admit(plan.admission(reservation, reservationMicros, patience));
        Outcome told = Completed.value(asked);
        return told != null
                ? answer(plan.decision(told, id))
                : asked.handle((outcome, failure) ->
                        failure == null ? plan.decision(outcome, id) : unanswered(domain, failure));
    }

    /** Returns what the domain says of an overloaded store. A caller that has gone hears none of it: Envoy has decided already. */
    private static Decision unanswered(Domain domain, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof OverloadedException overloaded && overloaded.shed() != Shed.GONE) {
            Overload word = domain.settings().overload();
            if (word == Overload.REFUSE) {
                return RefusalMessages.overloaded(domain);
            }
            if (word == Overload.ALLOW) {
                return Decision.Allowed.nothingHeld(domain, List.of(), List.of());
            }
        }
        throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    }

    /** Ends a reservation that {@link #decide} gave out. Ending it again, or one that has expired, changes nothing. */
    public CompletionStage<Settled> settle(String domain, Settlement settlement) {
        Usage usage = switch (settlement.known()) {
            case NOTHING -> Usage.UNKNOWN;
            case UNBILLED, USED -> new Usage.Known(settlement.amounts());
            case UNUSED -> new Usage.Less(settlement.amounts().of(Measure.TOKENS));
        };
        return buckets.settle(BucketNames.reservation(domain, settlement.reservation()), usage);
    }

    /**
     * Undoes an admission that came to nothing, as if it had not been.
     *
     * @param reservation the id that {@link #decide} gave out; what an admission without one was charged stays charged
     */
    public CompletionStage<Settled> undo(String domain, String reservation) {
        return buckets.settle(BucketNames.reservation(domain, reservation), Usage.UNDONE);
    }

    /**
     * Tells the store that a request is still under way: its reservation and its slots are kept for as long again.
     *
     * @return whether there is such a reservation
     */
    public CompletionStage<Boolean> renew(String domain, String reservation) {
        return buckets.renew(BucketNames.reservation(domain, reservation), reservationMicros);
    }

    /**
     * Frees the slots of a request that is presumed to be over. What is settled later still counts, and a sign of life takes them again.
     *
     * @return whether there is such a reservation
     */
    public CompletionStage<Boolean> vacate(String domain, String reservation) {
        return buckets.vacate(BucketNames.reservation(domain, reservation));
    }

    private static CompletionStage<Decision> answer(Decision decision) {
        return CompletableFuture.completedFuture(decision);
    }
}

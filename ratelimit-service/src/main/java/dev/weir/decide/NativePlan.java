package dev.weir.decide;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.measure.Measure;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.LimitOverrides;
import dev.weir.policy.Tier;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A plan of what a request asks of which buckets, in tier order. A bucket that several descriptors reach is charged once, with the largest
 * of the amounts; what is given back is counted separately.
 */
final class NativePlan implements Plan {
    /** A single comparison instead of two comparators, since it runs for every request. */
    private static final Comparator<Item> TIER_ORDER = (one, other) -> {
        int byTier = one.limit().tier().compareTo(other.limit().tier());
        return byTier != 0
                ? byTier
                : Integer.compare(one.limit().order(), other.limit().order());
    };

    /** The most that one call is charged, which the store does at one go while others wait. */
    private static final int MOST_CHARGES = 4_000;
    /** As many charges as are looked through one by one; more are looked up. */
    private static final int FEW = 16;

    private final List<Item> items = new ArrayList<>(8);
    private @Nullable Map<Place, Integer> places;
    private int asked;
    private final Domain domain;
    private Set<String> missing = Set.of();
    private boolean matched;
    private @Nullable String unreadable;
    private @Nullable String unreadableValue;
    private @Nullable TokenDemand demand;
    private @Nullable Attributes demanding;

    /** @param back whether it takes what is given back */
    private record Place(String bucket, boolean back) {
        static Place of(Charge charge) {
            return new Place(charge.bucket(), charge.amount() < 0);
        }
    }

    private record Item(Limit limit, int descriptor, Charge charge) {
        /** Merges limits that share a bucket. Those that descriptors bring along may differ: the lower one holds, whatever their order. */
        Item mergedWith(Limit other, Charge asked) {
            Limit lower = other.most() < limit.most() ? other : limit;
            Charge larger = outweighs(asked, charge) ? asked : charge;
            return new Item(
                    lower,
                    descriptor,
                    new Charge(
                            larger.bucket(),
                            lower.algorithm(),
                            larger.measure(),
                            larger.amount(),
                            larger.atEnd(),
                            asked.shadow() && charge.shadow()));
        }
    }

    private NativePlan(Domain domain) {
        this.domain = domain;
    }

    static NativePlan of(Domain domain, List<Descriptor> descriptors) {
        NativePlan plan = new NativePlan(domain);
        for (Descriptor descriptor : descriptors) {
            if (plan.asked > MOST_CHARGES) {
                break;
            }
            if (descriptor.limit() == null) {
                plan.addMatching(descriptor);
            } else {
                plan.addWithOwnLimit(descriptor, descriptor.limit());
            }
        }
        plan.items.sort(TIER_ORDER);
        if (!plan.matched) {
            plan.missing = missing(domain, descriptors);
        }
        return plan;
    }

    private static Set<String> missing(Domain domain, List<Descriptor> descriptors) {
        Set<String> missing = new TreeSet<>();
        descriptors.forEach(descriptor -> missing.addAll(domain.index().missing(descriptor.attributes())));
        return missing;
    }

    private void addMatching(Descriptor descriptor) {
        if (!domain.hasDefaults()) {
            domain.index().match(descriptor.attributes(), limit -> add(limit, descriptor));
            return;
        }
        DefaultLimits.binding(domain, descriptor.attributes()).forEach(limit -> add(limit, descriptor));
    }

    /**
     * Adds a descriptor's own limit in place of the policy's limits on requests, except those that protect everybody. It stands where the
     * first of them stood.
     */
    private void addWithOwnLimit(Descriptor descriptor, LimitOverride own) {
        List<Tier> displaced = new ArrayList<>();
        for (Limit limit : DefaultLimits.binding(domain, descriptor.attributes())) {
            if (limit.allow().measure() == Measure.REQUESTS && !limit.tier().isGlobal()) {
                displaced.add(limit.tier());
            } else {
                add(limit, descriptor);
            }
        }
        Tier tier = displaced.isEmpty() ? Tier.GLOBAL : Collections.min(displaced);
        add(LimitOverrides.of(domain, tier, own, descriptor.attributes()), descriptor);
    }

    private void add(Limit limit, Descriptor descriptor) {
        boolean shadow = !limit.scope().mode().enforces(descriptor.attributes());
        matched |= !shadow;
        if (limit.allow().unlimited() || (descriptor.hits() < 0 && limit.allow().measure() != Measure.REQUESTS)) {
            return;
        }
        Attributes attributes = descriptor.attributes();
        long amount = amount(limit, attributes, descriptor.hits(), shadow);
        if (unreadable != null) {
            return;
        }
        String bucket = BucketNames.of(limit, attributes);
        Charge charge = new Charge(
                bucket, limit.algorithm(), limit.allow().measure(), amount, atEnd(limit, descriptor.hits()), shadow);
        asked++;
        int place = placeOf(charge);
        if (place >= 0) {
            items.set(place, items.get(place).mergedWith(limit, charge));
        } else {
            items.add(new Item(limit, descriptor.position(), charge));
        }
    }

    /** Returns where a charge of the same bucket stands; below 0 where none does. */
    private int placeOf(Charge charge) {
        if (items.size() >= FEW) {
            return placeOfMany(charge);
        }
        for (int i = 0; i < items.size(); i++) {
            Charge other = items.get(i).charge();
            if (other.bucket().equals(charge.bucket()) && (other.amount() < 0) == (charge.amount() < 0)) {
                return i;
            }
        }
        return -1;
    }

    /** Remembers the place that a new charge takes. */
    private int placeOfMany(Charge charge) {
        Map<Place, Integer> known = places;
        if (known == null) {
            known = new HashMap<>();
            for (int i = 0; i < items.size(); i++) {
                known.put(Place.of(items.get(i).charge()), i);
            }
            places = known;
        }
        Integer place = known.putIfAbsent(Place.of(charge), items.size());
        return place == null ? -1 : place;
    }

    private static boolean outweighs(Charge charge, Charge other) {
        return Math.abs(charge.amount()) > Math.abs(other.amount())
                || (charge.amount() == other.amount() && charge.atEnd() != EndAction.KEEP);
    }

    /** Returns what a request takes; meaningless where the request states it unreadably. */
    private long amount(Limit limit, Attributes attributes, long hits, boolean shadow) {
        return switch (limit.allow().measure()) {
            case REQUESTS -> hits;
            case PARALLEL -> Math.min(hits, 1);
            case TOKENS, PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS ->
                hits == 0 ? 0 : estimate(limit, attributes, shadow);
        };
    }

    private static EndAction atEnd(Limit limit, long hits) {
        if (hits == 0) {
            return EndAction.KEEP;
        }
        return switch (limit.allow().measure()) {
            case REQUESTS -> EndAction.KEEP;
            case PARALLEL -> EndAction.RELEASE;
            case TOKENS, PROMPT_TOKENS, CACHED_TOKENS, COMPLETION_TOKENS -> EndAction.SETTLE;
        };
    }

    /** Returns the estimate. An unreadable number is no reason to refuse where the limit does not use it, or refuses nobody. */
    private long estimate(Limit limit, Attributes attributes, boolean shadow) {
        if (limit.estimate().after()) {
            return 0;
        }
        TokenDemand said = demandOf(attributes);
        if (said.unreadable() == null) {
            return said.held(limit.estimate(), limit.most());
        }
        if (!shadow) {
            unreadable = said.unreadable();
            unreadableValue = attributes.get(said.unreadable());
        }
        return limit.estimate().amount();
    }

    /** Returns the demand, worked out once for all limits on tokens. */
    @SuppressWarnings("ReferenceEquality") // Attributes of the same descriptor, which do not change.
    private TokenDemand demandOf(Attributes attributes) {
        if (demand == null || demanding != attributes) {
            demand = TokenDemand.of(attributes);
            demanding = attributes;
        }
        return demand;
    }

    @Override
    public @Nullable Decision known() {
        if (asked > MOST_CHARGES) {
            return new Decision.Invalid(
                    Decision.Invalid.Kind.TOO_MANY_LIMITS,
                    "the call's descriptors meet more than " + MOST_CHARGES + " limits; send fewer descriptors");
        }
        if (unreadable != null && unreadableValue != null) {
            return RefusalMessages.unreadableMaxTokens(domain, unreadable, unreadableValue);
        }
        if (!missing.isEmpty()) {
            return RefusalMessages.missing(domain, missing);
        }
        if (!items.isEmpty()) {
            return null;
        }
        return matched ? Decision.Allowed.NOTHING_ASKED : Decision.Allowed.WITHOUT_LIMIT;
    }

    @Override
    public boolean needsReservation() {
        for (Item item : items) {
            if (item.charge().atEnd() != EndAction.KEEP) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Admission admission(@Nullable String reservation, long reservationMicros, Patience patience) {
        return new Admission(charges(), ChargeRule.ALL_OR_NONE, reservation, reservationMicros, patience);
    }

    @Override
    public Decision decision(Outcome outcome, @Nullable String reservation) {
        if (outcome instanceof Outcome.Admitted admitted) {
            return new Decision.Allowed(
                    domain, standings(admitted.levels()), shadows(admitted.levels()), reservation, leaseMicros());
        }
        return outcome instanceof Outcome.Refused refused
                ? RefusalMessages.byLimits(domain, standings(refused.levels()), shadows(refused.levels()))
                : RefusalMessages.storeFull(domain);
    }

    /** Returns the longest time for which one of the slots is kept without a sign of life; 0 without any. */
    private long leaseMicros() {
        long longest = 0;
        for (Item item : items) {
            if (item.charge().atEnd() == EndAction.RELEASE) {
                longest = Math.max(longest, item.limit().leaseMicros());
            }
        }
        return longest;
    }

    private List<Charge> charges() {
        List<Charge> charges = new ArrayList<>(items.size());
        for (Item item : items) {
            charges.add(item.charge());
        }
        return charges;
    }

    /**
     * Returns the standing of the request with the limits that may refuse it.
     *
     * @param levels in the order of {@link #charges}
     */
    private List<LimitStatus> standings(List<BucketStatus> levels) {
        return standings(levels, false);
    }

    /** Returns its standing with the limits in shadow mode. */
    private List<LimitStatus> shadows(List<BucketStatus> levels) {
        return hasShadows() ? standings(levels, true) : List.of();
    }

    private List<LimitStatus> standings(List<BucketStatus> levels, boolean inShadow) {
        List<LimitStatus> standings = new ArrayList<>(levels.size());
        for (int i = 0; i < levels.size(); i++) {
            Item item = items.get(i);
            if (item.charge().shadow() == inShadow) {
                standings.add(new LimitStatus(
                        item.limit(), item.descriptor(), item.charge().amount(), levels.get(i)));
            }
        }
        return standings;
    }

    private boolean hasShadows() {
        for (Item item : items) {
            if (item.charge().shadow()) {
                return true;
            }
        }
        return false;
    }
}

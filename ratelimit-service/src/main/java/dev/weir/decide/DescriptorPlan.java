package dev.weir.decide;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import dev.weir.bucket.ChargeRule;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.policy.DescriptorLimit;
import dev.weir.policy.DescriptorTree.Match;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Window;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A plan of what a request asks of a domain in the descriptors dialect. Every descriptor has at most one limit. Each is counted whether or
 * not it fits, and whatever becomes of the others, unless the domain says {@code all_or_nothing} or the settings count only misfits first.
 * The request is refused if a limit is passed that is neither in shadow nor in quota mode, or if all limits in quota mode are.
 */
final class DescriptorPlan implements Plan {
    private static final int UNLIMITED = -1;
    private static final BucketStatus NOTHING = new BucketStatus(0, 0, 0);

    private final Domain domain;
    private final Descriptors rules;
    private final List<Item> items;
    private final List<Charge> charges;
    private final int descriptors;

    /** @param charge its place among the charges, or {@link #UNLIMITED} */
    private record Item(DescriptorLimit leaf, Descriptor descriptor, int charge) {
        Limit limit() {
            return leaf.limit();
        }

        LimitStatus at(BucketStatus level, boolean over) {
            long retry = !over ? 0 : descriptor.hits() > limit().most() ? BucketStatus.NEVER : level.resetMicros();
            BucketStatus told = new BucketStatus(level.used(), level.resetMicros(), retry);
            return new LimitStatus(limit(), descriptor.position(), descriptor.hits(), told);
        }
    }

    private DescriptorPlan(Domain domain, Descriptors rules, int descriptors) {
        this.domain = domain;
        this.rules = rules;
        this.items = new ArrayList<>(descriptors);
        this.charges = new ArrayList<>(descriptors);
        this.descriptors = descriptors;
    }

    static DescriptorPlan of(Domain domain, Descriptors rules, List<Descriptor> descriptors) {
        DescriptorPlan plan = new DescriptorPlan(domain, rules, descriptors.size());
        @Nullable Match[] matches = new Match[descriptors.size()];
        Set<String> replaced = Set.of();
        for (int i = 0; i < matches.length; i++) {
            Match match = plan.match(descriptors.get(i));
            matches[i] = match;
            if (match != null && !match.leaf().replaces().isEmpty()) {
                replaced = replaced.isEmpty() ? new HashSet<>() : replaced;
                replaced.addAll(match.leaf().replaces());
            }
        }
        for (int i = 0; i < matches.length; i++) {
            Match match = matches[i];
            if (match != null) {
                plan.add(match, descriptors.get(i), replaced);
            }
        }
        return plan;
    }

    private @Nullable Match match(Descriptor descriptor) {
        LimitOverride own = descriptor.limit();
        if (own == null) {
            return rules.tree().find(descriptor.attributes());
        }
        boolean known = !domain.name().isEmpty();
        Window.Length window = new Window.Length(own.window(), own.windowMicros());
        return known ? Match.own(DescriptorLimit.own(domain.name(), own.requests(), window)) : null;
    }

    private void add(Match match, Descriptor descriptor, Set<String> replaced) {
        DescriptorLimit leaf = match.leaf();
        if (leaf.limit().allow().unlimited()) {
            items.add(new Item(leaf, descriptor, UNLIMITED));
        } else if (!replaced.contains(leaf.name())) {
            items.add(
                    new Item(leaf, descriptor, charge(leaf, descriptor.hits(), match.bucket(descriptor.attributes()))));
        }
    }

    /** Returns the place of the charge. With all or none, a bucket is charged once, with the largest amount; else by each descriptor. */
    private int charge(DescriptorLimit leaf, long hits, String bucket) {
        Algorithm algorithm = leaf.limit().algorithm();
        boolean shadow = rules.allOrNothing() && isShadow(leaf);
        for (int i = 0; rules.allOrNothing() && i < charges.size(); i++) {
            Charge other = charges.get(i);
            if (other.bucket().equals(bucket) && (other.amount() < 0) == (hits < 0)) {
                Algorithm lower = algorithm.most() < other.algorithm().most() ? algorithm : other.algorithm();
                long larger = Math.abs(hits) > Math.abs(other.amount()) ? hits : other.amount();
                charges.set(i, new Charge(bucket, lower, larger, EndAction.KEEP, shadow && other.shadow()));
                return i;
            }
        }
        charges.add(new Charge(bucket, algorithm, hits, EndAction.KEEP, shadow));
        return charges.size() - 1;
    }

    private static boolean isShadow(DescriptorLimit leaf) {
        return leaf.limit().scope().mode() instanceof Mode.Shadow;
    }

    @Override
    public @Nullable Decision known() {
        return charges.isEmpty() ? decision(List.of(), false) : null;
    }

    @Override
    public boolean needsReservation() {
        return false;
    }

    @Override
    public Admission admission(@Nullable String reservation, long reservationMicros, Patience patience) {
        ChargeRule each = rules.settings().misfitsFirst() ? ChargeRule.MISFITS_FIRST : ChargeRule.EACH;
        ChargeRule rule = rules.allOrNothing() ? ChargeRule.ALL_OR_NONE : each;
        return new Admission(charges, rule, null, 0, patience);
    }

    @Override
    public Decision decision(Outcome outcome, @Nullable String reservation) {
        if (outcome instanceof Outcome.Admitted admitted) {
            return decision(admitted.levels(), false);
        }
        if (outcome instanceof Outcome.Refused refused) {
            return decision(refused.levels(), true);
        }
        return rules.settings().shadow()
                ? Decision.Allowed.nothingHeld(domain, List.of(), List.of())
                : RefusalMessages.storeFull(domain);
    }

    /** @param refused whether the store took nothing, so that the levels tell who was in the way; otherwise how much there was tells it */
    private Decision decision(List<BucketStatus> levels, boolean refused) {
        List<LimitStatus> standings = new ArrayList<>(items.size());
        List<LimitStatus> shadows = new ArrayList<>(0);
        List<LimitStatus> passed = new ArrayList<>(0);
        List<LimitStatus> quotasPassed = new ArrayList<>(0);
        int quotas = rules.settings().quota() ? descriptors - items.size() : 0;
        for (Item item : items) {
            boolean unlimited = item.charge() == UNLIMITED;
            BucketStatus level = unlimited ? NOTHING : levels.get(item.charge());
            boolean over = !unlimited && isOver(item, level, refused);
            boolean quota =
                    !unlimited && (rules.settings().quota() || item.leaf().quota());
            LimitStatus standing = item.at(level, over);
            quotas += quota ? 1 : 0;
            if (isShadow(item.leaf())) {
                shadows.add(standing);
            } else {
                standings.add(standing);
                if (over) {
                    (quota ? quotasPassed : passed).add(standing);
                }
            }
        }
        if (quotas > 0 && quotas == quotasPassed.size()) {
            passed.addAll(quotasPassed);
        }
        if (passed.isEmpty()) {
            return Decision.Allowed.nothingHeld(domain, standings, shadows);
        }
        if (rules.settings().shadow()) {
            standings.removeAll(passed);
            shadows.addAll(passed);
            return Decision.Allowed.nothingHeld(domain, standings, shadows);
        }
        return RefusalMessages.byLimits(domain, passed, standings, shadows);
    }

    /** Returns whether the limit is passed: by what counts now if it was charged in any case, else by whether there was room. */
    private boolean isOver(Item item, BucketStatus level, boolean refused) {
        boolean tells = refused || charges.get(item.charge()).shadow();
        return tells ? level.refuses() : level.used() > item.limit().most();
    }
}

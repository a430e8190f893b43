package dev.weir.decide;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Condition;
import dev.weir.policy.DescriptorTree;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Says which limits a request would meet, and why not the others. Takes nothing from any bucket. */
public final class Explainer {
    private Explainer() {}

    /** Explains without asking any bucket. */
    public static Explanation explain(Domain domain, Attributes attributes) {
        Descriptors descriptors = domain.descriptors();
        Attributes matched = attributes.withoutReserved();
        return descriptors == null ? byAttributes(domain, matched) : byPosition(domain, descriptors, matched);
    }

    private static Explanation byPosition(Domain domain, Descriptors descriptors, Attributes entries) {
        DescriptorTree.Match match = descriptors.tree().find(entries);
        List<Explanation.Line> lines = new ArrayList<>();
        for (Limit limit : domain.limits()) {
            boolean enforced = limit.scope().mode().enforces(entries);
            if (match != null && match.leaf().limit().equals(limit)) {
                String bucket = limit.allow().unlimited() ? null : match.bucket(entries);
                lines.add(new Explanation.Line(limit, null, enforced, bucket, null));
            } else {
                String reason = match == null
                        ? "these entries, in this order, lead to no limit"
                        : "these entries lead to `" + match.leaf().limit().name() + "`";
                lines.add(new Explanation.Line(limit, reason, enforced, null, null));
            }
        }
        return new Explanation(domain, lines, Set.of());
    }

    private static Explanation byAttributes(Domain domain, Attributes attributes) {
        List<Limit> matching = new ArrayList<>();
        domain.index().match(attributes, matching::add);
        List<Explanation.Line> lines = new ArrayList<>();
        for (Limit limit : domain.limits()) {
            boolean enforced = limit.scope().mode().enforces(attributes);
            String reason = reason(limit, matching, attributes);
            String bucket = reason != null || limit.allow().unlimited() ? null : BucketNames.of(limit, attributes);
            lines.add(new Explanation.Line(limit, reason, enforced, bucket, null));
        }
        return new Explanation(domain, lines, domain.index().missing(attributes));
    }

    /** Explains, and tells how full the buckets are. Fails where the store cannot be asked. */
    public static CompletionStage<Explanation> explain(Domain domain, Attributes attributes, Buckets buckets) {
        Explanation explanation = explain(domain, attributes);
        List<Charge> asked = new ArrayList<>();
        for (Explanation.Line line : explanation.lines()) {
            if (line.bucket() != null) {
                asked.add(new Charge(line.bucket(), line.limit().algorithm(), 0, EndAction.KEEP));
            }
        }
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(explanation);
        }
        return buckets.admit(new Admission(asked, null, 0))
                .thenApply(outcome -> new Explanation(
                        domain, withLevels(explanation.lines(), levels(outcome)), explanation.missing()));
    }

    private static List<BucketStatus> levels(Outcome outcome) {
        if (outcome instanceof Outcome.Admitted admitted) {
            return admitted.levels();
        }
        if (outcome instanceof Outcome.Refused refused) {
            return refused.levels();
        }
        throw new IllegalStateException("who takes nothing needs no room");
    }

    private static List<Explanation.Line> withLevels(List<Explanation.Line> lines, List<BucketStatus> levels) {
        List<Explanation.Line> filled = new ArrayList<>();
        int next = 0;
        for (Explanation.Line line : lines) {
            filled.add(line.bucket() == null ? line : line.at(levels.get(next++)));
        }
        return filled;
    }

    private static @Nullable String reason(Limit limit, List<Limit> matching, Attributes attributes) {
        for (Condition condition : limit.when()) {
            String value = attributes.get(condition.attribute());
            if (!condition.holds(value)) {
                return value == null
                        ? "`" + condition.attribute() + "` is missing"
                        : "`" + condition.attribute() + "` is `" + value + "`, which is not " + condition;
            }
        }
        for (String name : limit.per()) {
            if (attributes.get(name) == null) {
                return "`" + name + "` is missing";
            }
        }
        Limit instead = limit.scope().isDefault() ? DefaultLimits.displacing(limit, matching, attributes) : null;
        return instead == null ? null : "it is a default, and `" + instead.name() + "` applies";
    }
}

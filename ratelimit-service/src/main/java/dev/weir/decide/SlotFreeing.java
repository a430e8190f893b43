package dev.weir.decide;

import dev.weir.bucket.Buckets;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Frees the slots of whole buckets, for an operator who knows better than leases. */
public final class SlotFreeing {
    private SlotFreeing() {}

    /**
     * Frees all slots of the parallel limits that a request with these attributes meets. What the requests that held them have used
     * still counts, and those under way take their slots again at their next sign of life.
     *
     * @param limit the name of the only limit that is meant; empty means all
     * @return one for each bucket; fails where the store cannot be asked
     */
    public static CompletionStage<List<FreedSlots>> free(
            Domain domain, Attributes attributes, String limit, Buckets buckets) {
        List<Limit> meant = DefaultLimits.binding(domain, attributes).stream()
                .filter(each -> each.leaseMicros() > 0
                        && (limit.isEmpty() || each.name().equals(limit)))
                .toList();
        CompletionStage<List<FreedSlots>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Limit each : meant) {
            String bucket = BucketNames.of(each, attributes);
            all = all.thenCombine(buckets.vacateAll(bucket), (freed, slots) -> {
                freed.add(new FreedSlots(each.name(), bucket, slots));
                return freed;
            });
        }
        return all;
    }
}

package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.Settled;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A decider of a test's own, for the domain {@code llm}. */
final class TestDecider {
    static final long MINUTE = 60_000_000;

    private final ManualClock clock = new ManualClock();
    private final Decider decider;

    /** @param policy what a policy has below {@code limits:}, a line for each */
    TestDecider(Path folder, String policy) throws Exception {
        this(folder, policy, "");
    }

    /** @param settings what stands beside the limits */
    TestDecider(Path folder, String policy, String settings) throws Exception {
        this.decider = decider(folder, settings + "\nlimits:\n" + policy.indent(2), new MemoryBuckets(10_000, clock));
    }

    TestDecider(Path folder, String policy, Buckets buckets) throws Exception {
        this.decider = decider(folder, "limits:\n" + policy.indent(2), buckets);
    }

    private static Decider decider(Path folder, String domain, Buckets buckets) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), "domain: llm\n" + domain);
        return new Decider(PolicyReader.read(policy), buckets, Duration.ofHours(1));
    }

    static LimitOverride perMinute(long requests) {
        return new LimitOverride(requests, "1m", MINUTE);
    }

    static Descriptor asks(Attributes attributes, long hits, LimitOverride limit) {
        return new Descriptor(0, attributes, hits, limit);
    }

    Decision decide(Descriptor... descriptors) {
        return decider.decide(request(descriptors)).toCompletableFuture().join();
    }

    static Request request(Descriptor... descriptors) {
        return new Request("llm", "id", List.of(descriptors), List.of());
    }

    Decision.Allowed allowed(Descriptor... descriptors) {
        return assertInstanceOf(Decision.Allowed.class, decide(descriptors));
    }

    Decision.Refused refused(Descriptor... descriptors) {
        return assertInstanceOf(Decision.Refused.class, decide(descriptors));
    }

    void undo(Decision.Allowed allowed) {
        decider.undo("llm", allowed.reservation()).toCompletableFuture().join();
    }

    Settled settle(Settlement settlement) {
        return decider.settle("llm", settlement).toCompletableFuture().join();
    }

    /** Asks without taking any. */
    long used(String limit, Attributes attributes) {
        return decide(new Descriptor(attributes, 0)).standings().stream()
                .filter(standing -> standing.limit().name().equals(limit))
                .mapToLong(standing -> standing.level().used())
                .findFirst()
                .orElseThrow(() -> new AssertionError(limit + " does not apply to " + attributes));
    }

    static List<String> names(Decision decision) {
        return decision.standings().stream()
                .map(standing -> standing.limit().name())
                .toList();
    }
}

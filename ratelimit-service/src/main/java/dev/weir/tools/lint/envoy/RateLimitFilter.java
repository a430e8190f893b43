package dev.weir.tools.lint.envoy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ratelimit} filter.
 *
 * @param entries its own, not those of routes
 */
record RateLimitFilter(EnvoyMessage block, List<Entry> entries) {
    static RateLimitFilter of(EnvoyMessage block) {
        return new RateLimitFilter(block, Entry.listOf(block));
    }

    String domain() {
        return block.text("domain", "");
    }

    int stage() {
        return Entry.stage(block);
    }

    @Nullable
    EnvoyMessage grpcService() {
        return block.block("rate_limit_service", "grpc_service");
    }

    /** Returns whether it only reports what requests have cost; nobody waits for it. */
    boolean onlyReports() {
        return !entries.isEmpty() && entries.stream().allMatch(Entry::onStreamDone);
    }
}

package dev.weir.bucket.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of a Redis that forgets buckets when it is full. */
final class Eviction {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
    private static final String POLICY = "maxmemory_policy:";
    private static final String NONE = "noeviction";

    private Eviction() {}

    /** Asks without waiting for the answer; a user who may not ask gets no warning. */
    static void warnOf(RedisAsyncCommands<String, byte[]> redis) {
        redis.info("memory").whenComplete((memory, failure) -> {
            if (failure != null) {
                LOG.debug("Redis does not say whether it evicts: {}", failure.getMessage());
                return;
            }
            String policy = policy(memory);
            if (!policy.equals(NONE)) {
                LOG.warn(
                        "Redis has maxmemory-policy {}: when it is full it forgets buckets, and callers have their limits anew."
                                + " Set noeviction, and give it the memory it needs",
                        policy);
            }
        });
    }

    /** Returns the policy that the section {@code memory} of INFO names; where it names none, nothing is evicted. */
    static String policy(String memory) {
        return memory.lines()
                .filter(line -> line.startsWith(POLICY))
                .map(line -> line.substring(POLICY.length()).strip())
                .findFirst()
                .orElse(NONE);
    }
}

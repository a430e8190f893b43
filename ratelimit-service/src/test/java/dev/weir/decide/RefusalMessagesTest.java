package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** R4.1: the answer names the layer that blocked and why, in words a caller can act on. */
class RefusalMessagesTest {
    private static final long NOON = 1_767_268_800_000_000L;

    @Test
    void aUsedUpLimitSaysHowMuchIsUsedAndWhenToTryAgain() {
        Decider decider = decider("  - {name: per-user, tier: user, per: [user], allow: 1 requests / 1m}\n", 100);
        decide(decider, "user", "alice");

        Decision.Refused refused = refused(decider, "user", "alice");

        assertEquals(RefusalReason.OVER_LIMIT, refused.reason());
        assertEquals(
                "The user limit `per-user` allows 1 requests / 1m; 1 are used. Try again in 60 s.", refused.sentence());
        assertEquals(60_000_000, refused.retryMicros());
    }

    @Test
    void aLimitOnTokensSaysWhatTheRequestAsksFor() {
        Decider decider = decider(
                "  - {name: team-tokens, tier: team, per: [team], allow: 1k tokens / 1m, estimate: 600}\n", 100);
        decide(decider, "team", "red");

        assertEquals(
                "The team limit `team-tokens` allows 1000 tokens / 1m; 600 are used and this request asks for up to 401"
                        + " more. Try again in 60 s.",
                refused(decider, "team", "red", "max_tokens", "401").sentence());
    }

    @Test
    void theLimitIsNamedThatTheWaitIsFor() {
        Decider decider = decider("""
                  - {name: day, tier: global, allow: 1 requests / 1d}
                  - {name: second, tier: ip, allow: 1 requests / 1s}
                """, 100);
        decide(decider, "user", "alice");

        Decision.Refused refused = refused(decider, "user", "alice");

        assertNotNull(refused.by());
        assertEquals("day", refused.by().limit().name());
        assertEquals(86_400_000_000L, refused.retryMicros());
        assertEquals(
                "The global limit `day` allows 1 requests / 1d; 1 are used. Try again in 86400 s.", refused.sentence());
    }

    @Test
    void whatCanNeverFitSaysSoAndHasNoTimeToRetry() {
        Decider decider = decider("  - {name: t, tier: key, allow: 1k tokens / 1m, estimate: 1}\n", 100);

        Decision.Refused refused = refused(decider, "max_tokens", "1001");

        assertEquals(RefusalReason.NEVER_FITS, refused.reason());
        assertEquals(BucketStatus.NEVER, refused.retryMicros());
        assertEquals(
                "The key limit `t` allows 1000 tokens / 1m; this request asks for 1001 at once and can never fit."
                        + " Lower max_tokens, or shorten the prompt.",
                refused.sentence());
    }

    @Test
    void moreHitsThanALimitOnRequestsAllowsCanNeverFit() {
        Decider decider = decider("  - {name: r, tier: key, allow: 2 requests / 1m}\n", 100);

        Decision.Refused refused = refused(decider, new Descriptor(Attributes.of("user", "alice"), 3));

        assertEquals(
                "The key limit `r` allows 2 requests / 1m; this request asks for 3 at once and can never fit.",
                refused.sentence());
    }

    @Test
    void missingAttributesAreNamed() {
        Decider decider = decider("""
                  - {name: a, tier: user, per: [user], allow: 1 requests / 1m}
                  - {name: b, tier: team, per: [team], allow: 1 requests / 1m}
                """, 100);

        Decision.Refused refused = refused(decider, "other", "x");

        assertEquals(RefusalReason.MISSING_ATTRIBUTES, refused.reason());
        assertEquals("No limit could be applied, because the request lacks: team, user.", refused.sentence());
        assertEquals(BucketStatus.NEVER, refused.retryMicros());
        assertNull(refused.by());
    }

    @Test
    void whoAsksForSeveralRequestsAtOnceIsToldHowMany() {
        Decider decider = decider("  - {name: u, tier: user, allow: 5 requests / 1m}\n", 100);
        decide(decider, "user", "alice");

        assertEquals(
                "The user limit `u` allows 5 requests / 1m; 1 are used and this request asks for 5 more. Try again in 60 s.",
                refused(decider, new Descriptor(Attributes.of("user", "alice"), 5))
                        .sentence());
    }

    @Test
    void maxTokensThatCannotBeReadIsQuotedInShort() {
        Decider decider = decider("  - {name: t, tier: key, allow: 1k tokens / 1m, estimate: 1}\n", 100);

        Decision.Refused refused = refused(decider, "max_tokens", "x".repeat(41));

        assertEquals(RefusalReason.UNREADABLE_MAX_TOKENS, refused.reason());
        assertEquals(
                "max_tokens must be a whole number that is not negative, in a body that is JSON; found `"
                        + "x".repeat(40) + "...`.",
                refused.sentence());
    }

    @Test
    void aFullStoreIsNotTheCallersFault() {
        Decider decider = decider("  - {name: u, tier: user, per: [user], allow: 1 requests / 1m}\n", 1);
        decide(decider, "user", "alice");

        Decision.Refused refused = refused(decider, "user", "bob");

        assertEquals(RefusalReason.STORE_FULL, refused.reason());
        assertEquals("The rate limit service has no room to count this request. Try again later.", refused.sentence());
    }

    @Test
    void withoutALimitThatRefusesThereIsNoRefusal() {
        assertThrows(
                IllegalArgumentException.class,
                () -> RefusalMessages.byLimits(new Domain("llm", List.of()), List.of(), List.of()));
    }

    private static Decider decider(String limits, int bound) {
        Policy policy = Policies.of("domain: llm\nlimits:\n" + limits);
        return new Decider(policy, new MemoryBuckets(bound, () -> NOON), Duration.ofHours(1));
    }

    private static Decision.Refused refused(Decider decider, String... attributes) {
        return assertInstanceOf(Decision.Refused.class, decide(decider, attributes));
    }

    private static Decision.Refused refused(Decider decider, Descriptor descriptor) {
        return assertInstanceOf(Decision.Refused.class, decide(decider, descriptor));
    }

    private static Decision decide(Decider decider, String... attributes) {
        return decide(decider, new Descriptor(Attributes.of(attributes), 1));
    }

    private static Decision decide(Decider decider, Descriptor descriptor) {
        return decider.decide(new Request("llm", null, List.of(descriptor), List.of()))
                .toCompletableFuture()
                .join();
    }
}

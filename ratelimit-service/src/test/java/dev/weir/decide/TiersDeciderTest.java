package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.policy.read.PolicyReader;
import dev.weir.policy.tiers.Scenario;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.2, R5.3: the scenario's policy as it stands refuses what it says that it does not allow. */
class TiersDeciderTest {
    @TempDir
    Path folder = Path.of("");

    private final ManualClock clock = new ManualClock();
    private Decider decider;

    @BeforeEach
    void read() throws Exception {
        decider = new Decider(
                PolicyReader.read(Scenario.in(folder)), new MemoryBuckets(10_000, clock), Duration.ofHours(1));
    }

    @Test
    void the21stRequestOfAUserInAMinuteIsRefusedAndNotThatOfAnother() {
        for (int i = 0; i < 20; i++) {
            done(allowed(user("alice"), "1"), 1);
            clock.advanceSeconds(1);
        }

        assertEquals(
                "The user limit `user-requests` allows 20 requests / 1m; 20 are used. Try again in 40 s.",
                refused(user("alice"), "1").sentence());
        done(allowed(user("bob"), "1"), 1);
        clock.advanceSeconds(40);
        allowed(user("alice"), "1");
    }

    @Test
    void aSixthRequestOfAUserAtATimeWaitsForTheEndOfOne() {
        List<Decision.Allowed> underWay = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            underWay.add(allowed(user("alice"), "1"));
        }

        assertEquals("user-parallel", refused(user("alice"), "1").by().limit().name());
        done(underWay.get(0), 1);
        allowed(user("alice"), "1");
    }

    @Test
    void tokensAreHeldAsSaidOrAThousandAndSettledToWhatWasUsed() {
        Decision.Allowed large = allowed(user("alice"), "39000");

        assertEquals("user-tokens", refused(user("alice"), "1001").by().limit().name());
        allowed(user("alice"), null);
        assertEquals("user-tokens", refused(user("alice"), "1").by().limit().name());
        done(large, 100);
        allowed(user("alice"), "38900");
        assertEquals(RefusalReason.NEVER_FITS, refused(user("bob"), "40001").reason());
    }

    @Test
    void aTeamHasNoMoreThanItsRequestsWhoeverSendsThem() {
        for (int i = 0; i < 200; i++) {
            done(allowed(Attributes.of("user", "u" + i, "team", "search", "max_tokens", "1")), 1);
        }

        assertEquals(
                "team-requests",
                refused(Attributes.of("user", "new", "team", "search", "max_tokens", "1"))
                        .by()
                        .limit()
                        .name());
        allowed(Attributes.of("user", "new", "team", "other", "max_tokens", "1"));
    }

    @Test
    void aTeamHasNoMoreThanItsTokensAndSlots() {
        for (int i = 0; i < 12; i++) {
            allowed(Attributes.of("user", "u" + i, "team", "search", "max_tokens", "40000"));
        }
        assertEquals(
                "team-tokens",
                refused(Attributes.of("user", "u12", "team", "search", "max_tokens", "20001"))
                        .by()
                        .limit()
                        .name());
        for (int i = 12; i < 50; i++) {
            allowed(Attributes.of("user", "u" + i, "team", "search", "max_tokens", "1"));
        }
        assertEquals(
                "team-parallel",
                refused(Attributes.of("user", "u50", "team", "search", "max_tokens", "1"))
                        .by()
                        .limit()
                        .name());
    }

    @Test
    void everybodyTogetherHasNoMoreThanTheGlobalSlots() {
        for (int i = 0; i < 200; i++) {
            allowed(user("u" + i), "1");
        }

        assertEquals("global-parallel", refused(user("new"), "1").by().limit().name());
    }

    @Test
    void everybodyTogetherHasNoMoreThanTheGlobalTokens() {
        for (int i = 0; i < 50; i++) {
            done(allowed(user("u" + i), "40000"), 40_000);
        }

        assertEquals("global-tokens", refused(user("new"), "1").by().limit().name());
    }

    @Test
    void everybodyTogetherHasNoMoreThanTheGlobalRequests() {
        for (int i = 0; i < 1_000; i++) {
            done(allowed(user("u" + i), "1"), 1);
        }

        assertEquals("global-requests", refused(user("new"), "1").by().limit().name());
    }

    private static Attributes user(String name) {
        return Attributes.of("user", name, "team", "team-of-" + name);
    }

    private Decision.Allowed allowed(Attributes attributes, String maxTokens) {
        return allowed(with(attributes, maxTokens));
    }

    private Decision.Refused refused(Attributes attributes, String maxTokens) {
        return refused(with(attributes, maxTokens));
    }

    private static Attributes with(Attributes attributes, String maxTokens) {
        return maxTokens == null
                ? attributes
                : Attributes.of(
                        "user", attributes.get("user"), "team", attributes.get("team"), "max_tokens", maxTokens);
    }

    private Decision.Allowed allowed(Attributes attributes) {
        return assertInstanceOf(Decision.Allowed.class, decide(attributes));
    }

    private Decision.Refused refused(Attributes attributes) {
        return assertInstanceOf(Decision.Refused.class, decide(attributes));
    }

    private Decision decide(Attributes attributes) {
        Request request = new Request("llm", "id", List.of(new Descriptor(attributes, 1)), List.of());
        return decider.decide(request).toCompletableFuture().join();
    }

    private void done(Decision.Allowed allowed, long tokens) {
        decider.settle("llm", Settlement.used(allowed.reservation(), tokens))
                .toCompletableFuture()
                .join();
    }
}

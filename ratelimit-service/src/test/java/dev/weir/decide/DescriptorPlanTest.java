package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.config.ConfigException;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the descriptors dialect has beside what envoyproxy/ratelimit answers; ReferenceAnswersTest holds it to that. */
class DescriptorPlanTest {
    private static final String TWO_LIMITS = """
            descriptors:
              - key: user
                rate_limit: {unit: minute, requests_per_unit: 3}
              - key: path
                rate_limit: {unit: minute, requests_per_unit: 1}
            """;

    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();

    private Decider decider(String yaml) {
        return new Decider(Policies.of("domain: shop\n" + yaml), new MemoryBuckets(100, clock), Duration.ofHours(1));
    }

    private static Decision decide(Decider decider, Descriptor... descriptors) {
        return decider.decide(new Request("shop", null, List.of(descriptors), List.of()))
                .toCompletableFuture()
                .join();
    }

    private static Descriptor user(int position, long hits) {
        return new Descriptor(position, Attributes.of("user", "alice"), hits, null);
    }

    private static Descriptor path(int position) {
        return new Descriptor(position, Attributes.of("path", "/"), 1, null);
    }

    private static List<Long> used(Decision decision) {
        return decision.standings().stream()
                .map(standing -> standing.level().used())
                .toList();
    }

    @Test
    void whatIsRefusedIsCountedAllTheSame() {
        Decider decider = decider(TWO_LIMITS);
        decide(decider, user(0, 1), path(1));
        Decision refused = decide(decider, user(0, 1), path(1));
        assertInstanceOf(Decision.Refused.class, refused);
        assertEquals(List.of(2L, 2L), used(refused));
    }

    @Test
    void allOrNothingChargesNobodyForWhatIsRefused() {
        Decider decider = decider("all_or_nothing: true\n" + TWO_LIMITS);
        assertEquals(List.of(1L, 1L), used(decide(decider, user(0, 1), path(1))));
        Decision refused = decide(decider, user(0, 1), path(1));
        assertInstanceOf(Decision.Refused.class, refused);
        assertEquals(List.of(1L, 1L), used(refused));
    }

    @Test
    void allOrNothingChargesABucketThatTwoDescriptorsReachOnceWithTheLargerAmount() {
        Decider decider = decider("all_or_nothing: true\n" + TWO_LIMITS);
        assertEquals(List.of(3L, 3L), used(decide(decider, user(0, 1), user(1, 3))));
    }

    @Test
    void allOrNothingLetsAShadowPass() {
        Decider decider = decider("""
                all_or_nothing: true
                descriptors:
                  - key: user
                    shadow_mode: true
                    rate_limit: {unit: minute, requests_per_unit: 0}
                  - key: path
                    rate_limit: {unit: minute, requests_per_unit: 1}
                """);
        Decision allowed = decide(decider, user(0, 1), path(1));
        assertInstanceOf(Decision.Allowed.class, allowed);
        assertEquals(List.of(1L), used(allowed));
        assertEquals(true, allowed.shadows().get(0).level().refuses());
    }

    @Test
    void negativeHitsAreGivenBack() {
        Decider decider = decider(TWO_LIMITS);
        decide(decider, user(0, 3));
        assertEquals(List.of(1L), used(decide(decider, user(0, -2))));
        assertInstanceOf(Decision.Allowed.class, decide(decider, user(0, 2)));
    }

    @Test
    void aRefusalNamesItsLimitAndWhenItsWindowEnds() {
        clock.set(ManualClock.START / 60_000_000 * 60_000_000 + 15_000_000);
        Decider decider = decider(TWO_LIMITS);
        decide(decider, path(0));
        Decision.Refused refused = (Decision.Refused) decide(decider, path(0));
        assertEquals(RefusalReason.OVER_LIMIT, refused.reason());
        assertEquals("path", refused.by().limit().name());
        assertEquals(45_000_000, refused.retryMicros());
        assertEquals(
                "The descriptor limit `path` allows 1 requests / 1m; 2 are used. Try again in 45 s.",
                refused.sentence());
    }

    @Test
    void anUnknownDomainIsAMistakeAsEver() {
        Decider decider = decider(TWO_LIMITS);
        Request request = new Request("office", null, List.of(path(0)), List.of());
        assertInstanceOf(
                Decision.Invalid.class,
                decider.decide(request).toCompletableFuture().join());
    }

    @Test
    void theDemosPolicyAllowsThreeRequestsOfAKeyWhateverItSaysAboutTokens() throws Exception {
        Policy policy = PolicyReader.read(Path.of("../envoy/descriptors.yaml"));
        assertEquals(List.of(), policy.domains().get("llm").notes());
        Decider decider = new Decider(policy, new MemoryBuckets(100, clock), Duration.ofHours(1));
        for (String maxTokens : List.of("50", "70", "90")) {
            assertInstanceOf(
                    Decision.Allowed.class,
                    decider.decide(demo("alice-laptop", maxTokens))
                            .toCompletableFuture()
                            .join());
        }
        assertInstanceOf(
                Decision.Refused.class,
                decider.decide(demo("alice-laptop", "50")).toCompletableFuture().join());
        assertInstanceOf(
                Decision.Allowed.class,
                decider.decide(demo("bob-laptop", "50")).toCompletableFuture().join());
    }

    /** As envoy.yaml sends it. */
    private static Request demo(String key, String maxTokens) {
        Attributes wide = Attributes.of(
                "key",
                key,
                "user",
                "u",
                "team",
                "t",
                "service",
                "s",
                "environment",
                "e",
                "model",
                "m",
                "max_tokens",
                maxTokens,
                "prompt_bytes",
                "1" + maxTokens);
        return new Request("llm", null, List.of(new Descriptor(wide, 1)), List.of());
    }

    @Test
    void inShadowModeAFullStoreRefusesNobodyEither() throws Exception {
        Path file = Files.writeString(folder.resolve("shop"), "domain: shop\n" + TWO_LIMITS);
        DescriptorSettings shadow = new DescriptorSettings(false, false, true, false, null, false, 0.8f);
        Decider decider =
                new Decider(PolicyReader.read(List.of(file), shadow), new MemoryBuckets(0, clock), Duration.ofHours(1));
        assertInstanceOf(Decision.Allowed.class, decide(decider, path(0)));
    }

    @Test
    void theQuotasOfTheEnvironmentExcludeAllOrNothing() throws Exception {
        Path file = Files.writeString(folder.resolve("shop"), "domain: shop\nall_or_nothing: true\n" + TWO_LIMITS);
        DescriptorSettings quota = new DescriptorSettings(false, false, false, true, null, false, 0.8f);
        ConfigException refused = assertThrows(ConfigException.class, () -> PolicyReader.read(List.of(file), quota));
        assertEquals(true, refused.getMessage().contains("QUOTA_MODE"), refused::getMessage);
    }
}

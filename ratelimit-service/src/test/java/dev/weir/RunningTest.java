package dev.weir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.StoreAddressException;
import dev.weir.policy.Deployment;
import dev.weir.policy.StorePlace;
import dev.weir.refusal.RefusalTarget;
import dev.weir.refusal.Rotation;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R5.3: what the policy says about Redis and retention holds where the command line says nothing. */
class RunningTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Map<String, String> SET = Map.of("MY_REDIS", "redis://policy", "EMPTY", "");
    private static final StorePlace SHARED = new StorePlace.Redis("MY_REDIS", "kt:");

    @Test
    void theVariableThatThePolicyNamesTakesTheUsualOnesPlace() {
        Running running = running("redis://usual", true, SHARED);

        assertEquals(new Options.Store("redis://policy", null, SHORT, "kt:"), running.store());
        assertEquals("MY_REDIS", running.storeFrom());
    }

    @Test
    void theCommandLineChoosesTheRedisAndThePolicyThePrefix() {
        Running running = running("redis://given", false, SHARED);

        assertEquals(new Options.Store("redis://given", null, SHORT, "kt:"), running.store());
        assertEquals("--redis", running.storeFrom());
    }

    @Test
    void aPolicyThatWantsMemoryHasItUnlessTheCommandLineNamesARedis() {
        assertEquals(
                new Options.Store(null, null, SHORT, ""),
                running("redis://usual", true, new StorePlace.Memory()).store());
        assertEquals(
                new Options.Store("redis://given", null, SHORT, ""),
                running("redis://given", false, new StorePlace.Memory()).store());
    }

    @Test
    void aPolicyThatSaysNothingLeavesItAsItIs() {
        Running running = Running.of(options(store("redis://usual", null), true), Deployment.UNSAID);

        assertEquals(store("redis://usual", null), running.store());
        assertEquals(Rotation.of(30, 7), running.rotation());
    }

    @Test
    void aVariableThatIsNotSetIsAnErrorAndNotBucketsInMemory() {
        for (String variable : new String[] {"NOT_SET", "EMPTY"}) {
            StoreAddressException e = assertThrows(
                    StoreAddressException.class,
                    () -> running("redis://usual", true, new StorePlace.Redis(variable, "")));

            assertEquals(
                    "the policy has its buckets in the Redis that the environment variable " + variable
                            + " names, and that is not set; set it, or give --redis",
                    e.getMessage());
        }
    }

    @Test
    void anAuthorityNeedsARedisWhoeverNamesIt() {
        Path ca = Path.of("ca.pem");

        assertEquals(
                "redis://policy",
                Running.of(options(store(null, ca), true), new Deployment(SHARED, null))
                        .store()
                        .redis());
        assertThrows(
                StoreAddressException.class,
                () -> Running.of(
                        options(store("redis://usual", ca), true), new Deployment(new StorePlace.Memory(), null)));
    }

    @Test
    void thePolicysRetentionHoldsWhereTheCommandLineHasNone() {
        Deployment ninety = new Deployment(new StorePlace.Unsaid(), 90);

        assertEquals(
                Rotation.of(90, 7),
                Running.of(options(store(null, null), true), ninety).rotation());
        assertEquals(
                Rotation.of(30, 7),
                Running.of(options(store(null, null), false), ninety).rotation());
    }

    private static Running running(@Nullable String redis, boolean open, StorePlace place) {
        return Running.of(options(store(redis, null), open), new Deployment(place, null));
    }

    private static Options.Store store(@Nullable String redis, @Nullable Path ca) {
        return new Options.Store(redis, ca, SHORT, "");
    }

    private static Options options(Options.Store store, boolean open) {
        InetSocketAddress anywhere = new InetSocketAddress(0);
        return new Options(
                Path.of("policy.yaml"),
                null,
                store,
                anywhere,
                anywhere,
                new RefusalTarget.Stdout(),
                Rotation.of(30, 7),
                Duration.ZERO,
                new Options.Open(open, open, SET));
    }
}

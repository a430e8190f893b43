package dev.weir.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.StoreAddressException;
import dev.weir.policy.Deployment;
import dev.weir.policy.StorePlace;
import dev.weir.refusal.sink.RefusalTarget;
import dev.weir.refusal.sink.Rotation;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** R5.3: what the policy says about Redis and retention holds where the command line says nothing. */
class EffectiveOptionsTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Map<String, String> SET = Map.of("MY_REDIS", "redis://policy", "EMPTY", "");
    private static final StorePlace SHARED = new StorePlace.Redis("MY_REDIS", "kt:");

    @Test
    void theVariableThatThePolicyNamesTakesTheUsualOnesPlace() {
        EffectiveOptions running = running("redis://usual", true, SHARED);

        assertEquals(new ServerOptions.Store("redis://policy", null, SHORT, "kt:"), running.store());
        assertEquals("MY_REDIS", running.storeFrom());
    }

    @Test
    void theCommandLineChoosesTheRedisAndThePolicyThePrefix() {
        EffectiveOptions running = running("redis://given", false, SHARED);

        assertEquals(new ServerOptions.Store("redis://given", null, SHORT, "kt:"), running.store());
        assertEquals("--redis", running.storeFrom());
    }

    @Test
    void aPolicyThatWantsMemoryHasItUnlessTheCommandLineNamesARedis() {
        assertEquals(
                new ServerOptions.Store(null, null, SHORT, ""),
                running("redis://usual", true, new StorePlace.Memory()).store());
        assertEquals(
                new ServerOptions.Store("redis://given", null, SHORT, ""),
                running("redis://given", false, new StorePlace.Memory()).store());
    }

    @Test
    void aPolicyThatSaysNothingLeavesItAsItIs() {
        EffectiveOptions running = EffectiveOptions.of(options(store("redis://usual", null), true), Deployment.UNSAID);

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
                EffectiveOptions.of(options(store(null, ca), true), new Deployment(SHARED, null))
                        .store()
                        .redis());
        assertThrows(
                StoreAddressException.class,
                () -> EffectiveOptions.of(
                        options(store("redis://usual", ca), true), new Deployment(new StorePlace.Memory(), null)));
    }

    @Test
    void thePolicysRetentionHoldsWhereTheCommandLineHasNone() {
        Deployment ninety = new Deployment(new StorePlace.Unsaid(), 90);

        assertEquals(
                Rotation.of(90, 7),
                EffectiveOptions.of(options(store(null, null), true), ninety).rotation());
        assertEquals(
                Rotation.of(30, 7),
                EffectiveOptions.of(options(store(null, null), false), ninety).rotation());
    }

    private static EffectiveOptions running(@Nullable String redis, boolean open, StorePlace place) {
        return EffectiveOptions.of(options(store(redis, null), open), new Deployment(place, null));
    }

    private static ServerOptions.Store store(@Nullable String redis, @Nullable Path ca) {
        return new ServerOptions.Store(redis, ca, SHORT, "");
    }

    private static ServerOptions options(ServerOptions.Store store, boolean open) {
        InetSocketAddress anywhere = new InetSocketAddress(0);
        return new ServerOptions(
                Path.of("policy.yaml"),
                null,
                store,
                anywhere,
                anywhere,
                new RefusalTarget.Stdout(),
                Rotation.of(30, 7),
                Duration.ZERO,
                new ServerOptions.Open(open, open, SET));
    }
}

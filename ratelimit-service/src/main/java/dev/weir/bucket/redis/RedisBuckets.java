package dev.weir.bucket.redis;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Patience;
import dev.weir.bucket.Presence;
import dev.weir.bucket.Settled;
import dev.weir.bucket.StoreAddressException;
import dev.weir.bucket.StoreUnreachableException;
import dev.weir.bucket.Usage;
import io.lettuce.core.api.StatefulRedisConnection;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in Redis, shared by all replicas. A script makes each decision whole and by Redis's own clock, so replicas need not agree
 * about the time. Requests that arrive while Redis is at work go to it together, and those that it would answer too late are not sent,
 * see {@link Batcher}; settlements are never held back for that. While Redis is away calls fail at once, and none is ever sent twice.
 * A call that runs into the time-out may still be charged, once. A connection that no longer serves is replaced, see {@link Link}.
 */
public final class RedisBuckets implements Buckets {
    private static final String THE_STORES_CLOCK = "";
    /** The most charges in one call. Redis does nothing else while it runs: a few milliseconds. */
    private static final int MOST_CHARGES = 512;

    private static final int MOST_SETTLEMENTS = 128;

    private static final int MOST_WAITING = 10_000;

    private final Connector connector;
    private final Link<StatefulRedisConnection<String, byte[]>> link;
    private final String prefix;
    private final Supplier<String> now;
    private final Script admit;
    private final Script settle;
    private final Script release;
    private final Presence presence;
    private final UnconfirmedReservations unheard = new UnconfirmedReservations(MOST_WAITING);
    private final Batcher<Admission, AdmitCall.Answer> admissions;
    private final Batcher<SettleCall.Step, Settled> settlements;

    /**
     * Connects.
     *
     * @param timeout how long a call may take; meant to be shorter than Envoy's own time-out
     * @throws StoreAddressException if the URL is not one of Redis, or one of a cluster
     * @throws StoreUnreachableException if Redis cannot be reached
     */
    public static RedisBuckets connect(String url, Duration timeout) {
        return connect(RedisAddress.of(url), RedisSettings.of(timeout));
    }

    /**
     * Connects, by TLS.
     *
     * @param authorities who may have signed Redis's certificate; empty leaves that to the JVM
     * @param prefix what the names of all keys begin with; may be empty
     * @throws StoreAddressException if the URL is not one of Redis, or one without TLS in spite of {@code authorities}
     * @throws StoreUnreachableException if Redis cannot be reached, or its certificate is not trusted
     */
    public static RedisBuckets connect(String url, Duration timeout, List<X509Certificate> authorities, String prefix) {
        return connect(RedisAddress.of(url), new RedisSettings(timeout, authorities, null, prefix, Duration.ZERO));
    }

    /**
     * Connects, and waits for Redis as long as the settings say.
     *
     * @throws StoreAddressException if the URL is not one of Redis, one of a cluster, or one without TLS in spite of authorities
     * @throws StoreUnreachableException if Redis cannot be reached, its certificate is not trusted, or ours cannot be used
     */
    public static RedisBuckets connect(RedisAddress address, RedisSettings settings) {
        return connect(address, settings, () -> THE_STORES_CLOCK);
    }

    /** @param now for tests: the time of a call in microseconds */
    static RedisBuckets connect(String url, Duration timeout, Supplier<String> now) {
        return connect(RedisAddress.of(url), RedisSettings.of(timeout), now);
    }

    private static RedisBuckets connect(RedisAddress address, RedisSettings settings, Supplier<String> now) {
        RedisBuckets buckets;
        try {
            buckets = new RedisBuckets(address, settings, now);
        } catch (IllegalArgumentException e) {
            throw new StoreUnreachableException("Redis cannot be reached: " + e.getMessage(), e);
        }
        try {
            buckets.link.open(settings.patience()).join();
        } catch (CompletionException e) {
            Throwable cause = Script.causeOf(e);
            String reason = buckets.connector.reason(cause);
            buckets.close();
            throw cause instanceof StoreAddressException wrong
                    ? wrong
                    : new StoreUnreachableException(
                            "Redis cannot be reached: no connection to " + address.place() + ": " + reason, cause);
        }
        buckets.warnOfEviction();
        return buckets;
    }

    private RedisBuckets(RedisAddress address, RedisSettings settings, Supplier<String> now) {
        this.prefix = settings.prefix();
        this.now = now;
        admit = script("admit.lua");
        settle = script("settle.lua");
        release = script("release.lua");
        Script present = new Script(prefix, "presence.lua");
        connector = new Connector(settings, List.of(admit, settle, release, present));
        link = new Link<>(connector, InstantSource.system(), address);
        presence = new RedisPresence(link, present);
        long nanos = settings.timeout().toNanos();
        admissions = new Batcher<>(
                this::admitAll,
                admission -> admission.charges().size(),
                new Batcher.Limits(MOST_CHARGES, MOST_WAITING, nanos),
                System::nanoTime);
        settlements = new Batcher<>(
                this::settleAll,
                settlement -> 1,
                new Batcher.Limits(MOST_SETTLEMENTS, MOST_WAITING, nanos),
                System::nanoTime);
    }

    private Script script(String last) {
        return new Script(
                prefix,
                "sliding_window.lua",
                "token_bucket.lua",
                "fixed_window.lua",
                "counter.lua",
                "slots.lua",
                "buckets.lua",
                last);
    }

    private void warnOfEviction() {
        link.call(connection -> {
            Eviction.warnOf(connection.async());
            return CompletableFuture.completedFuture(true);
        });
    }

    /** Switches to this address as soon as it can be reached; until then the connection before stays in use. */
    public void use(RedisAddress changed) {
        link.use(changed);
    }

    /** Returns the presence of the replicas on this Redis. */
    public Presence presence() {
        return presence;
    }

    public boolean isConnected() {
        return link.isConnected();
    }

    /** Says since when Redis has been gone, and why, without a secret; null while it is there. */
    public @Nullable String absence() {
        return link.absence();
    }

    /** Says why a changed address, user or password does not work yet, without a secret; null where none is waited for. */
    public @Nullable String pending() {
        return link.pending();
    }

    @Override
    public CompletionStage<Outcome> admit(Admission admission) {
        // What is given back makes room, so it has its turn whenever that comes, as settlements do.
        Patience patience = admission.onlyGivesBack() ? null : admission.patience();
        return admissions.submit(admission, patience).thenApply(AdmitCall.Answer::outcome);
    }

    private CompletionStage<List<AdmitCall.Answer>> admitAll(List<Admission> batch) {
        return link.call(connection -> admit.run(connection.async(), AdmitCall.of(batch, now.get())))
                .whenComplete((answer, failure) -> {
                    if (failure != null && UnconfirmedReservations.mayBeDone(failure)) {
                        unheard.add(ends(batch));
                    }
                    endUnheard();
                })
                .thenApply(answer -> AdmitCall.answers(batch, answer, prefix));
    }

    /** Returns ends by which the estimates stay, since Envoy may have let the requests through. */
    private static List<SettleCall.End> ends(List<Admission> batch) {
        return batch.stream()
                .map(Admission::reservation)
                .filter(Objects::nonNull)
                .map(reservation -> new SettleCall.End(reservation, Usage.UNKNOWN))
                .toList();
    }

    private CompletionStage<List<Settled>> settleAll(List<SettleCall.Step> batch) {
        return runSettle(batch)
                .whenComplete((answer, failure) -> {
                    if (failure != null && UnconfirmedReservations.mayBeDone(failure)) {
                        unheard.add(SettleCall.toldByNobodyElse(batch));
                    }
                })
                .thenApply(answer -> SettleCall.settled(batch, answer));
    }

    private CompletionStage<byte[]> runSettle(List<? extends SettleCall.Step> batch) {
        return link.call(connection -> settle.run(connection.async(), SettleCall.of(batch, now.get())));
    }

    /** Sends ends ahead of what waits. They follow on the connection of the admissions, or on one opened after that was closed. */
    private void endUnheard() {
        List<SettleCall.End> ends = link.isConnected() ? unheard.take(MOST_SETTLEMENTS) : List.of();
        if (!ends.isEmpty()) {
            runSettle(ends).exceptionally(failure -> {
                unheard.add(ends);
                return null;
            });
        }
    }

    @Override
    public CompletionStage<Settled> settle(String reservation, Usage usage) {
        return settlements.submit(new SettleCall.End(reservation, usage));
    }

    @Override
    public CompletionStage<Boolean> renew(String reservation, long micros) {
        return settlements
                .submit(new SettleCall.Renewal(reservation, micros / 1_000))
                .thenApply(settled -> settled.kind() != Settled.Kind.UNKNOWN);
    }

    @Override
    public CompletionStage<Boolean> vacate(String reservation) {
        return settlements
                .submit(new SettleCall.Vacancy(reservation))
                .thenApply(settled -> settled.kind() != Settled.Kind.UNKNOWN);
    }

    /** Frees the slots in one script, which waits for no batch. */
    @Override
    public CompletionStage<Integer> vacateAll(String bucket) {
        Script.Call call = new Script.Call(new String[] {bucket}, Script.text(now.get()));
        return link.call(connection -> release.run(connection.async(), call))
                .thenApply(taken -> (int) Doubles.toRead(taken).next());
    }

    @Override
    public void close() {
        link.close();
        connector.close();
    }
}

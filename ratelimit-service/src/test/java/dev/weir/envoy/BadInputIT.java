package dev.weir.envoy;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.LimitOverride;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad input through the real listener, on either store: it has a documented answer, the service goes on, and nothing is left behind in
 * the store but what was admitted.
 */
class BadInputIT {
    /** Of buckets and reservations; the set of the connected Envoys is none. */
    private static final String BUCKETS = "w1:{*}?*";

    private static final long LARGEST_HITS = 0xffff_ffffL;
    private static final long LARGEST_AMOUNT = 9_007_199_254_740_991L;
    private static final String LONG_VALUE = "x".repeat(65_536);
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: requests, tier: user, per: [user], allow: 3 requests / 1h}
              - {name: tokens, tier: user, per: [spender], allow: %1$d tokens / 1h, estimate: %1$d}
              - {name: many-requests, tier: key, per: [key], allow: %1$d requests / 1h}
              - {name: parallel, tier: user, per: [caller], allow: 2 parallel}
              - {name: pairs, tier: user, per: [left, right], allow: 1 requests / 1h}
              - {name: none, tier: user, per: [outcast], allow: 0 requests / 1h}
              - {name: no-slots, tier: user, per: [idler], allow: 0 parallel}
              - {name: free, tier: user, per: [guest], allow: unlimited requests}
            """.formatted(LARGEST_AMOUNT);

    private static RealRedis redis;
    private static RedisClient client;
    private static RedisCommands<String, String> commands;
    private static TestService onRedis;

    @TempDir
    private static Path folder;

    private Store store;
    private TestService service;
    private Calls envoy;
    /** What the service left in memory when it warmed up. */
    private long keptBefore;

    enum Store {
        MEMORY,
        REDIS
    }

    @BeforeAll
    static void startRedis() throws Exception {
        redis = RealRedis.start();
        client = RedisClient.create(redis.url());
        commands = client.connect().sync();
        onRedis = TestService.onRedis(policy(), null, redis.url());
    }

    @AfterAll
    static void stopRedis() {
        onRedis.close();
        client.shutdown();
        redis.close();
    }

    private static Path policy() throws Exception {
        return Files.writeString(folder.resolve("policy.yaml"), POLICY);
    }

    private void start(Store with) throws Exception {
        store = with;
        if (with == Store.REDIS) {
            redis.flush();
            service = onRedis;
        } else {
            service = TestService.inMemory(policy(), null);
            keptBefore = (long) service.metric("weir_buckets");
        }
        envoy = new Calls(service.grpcPort());
    }

    /** Whatever came before. */
    @AfterEach
    void theServiceAnswersAGoodCallAndStops() {
        try {
            for (int i = 0; i < 3; i++) {
                assertAllowed(descriptor("user", "good"));
            }
            assertRefused("requests", descriptor("user", "good"));
        } finally {
            envoy.close();
            if (store == Store.MEMORY) {
                service.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLargestHitsAreCountedAndLargerOnesAreInvalid(Store with) throws Exception {
        start(with);
        assertAllowed(hits(descriptor("key", "k"), LARGEST_HITS));
        assertAllowed(hits(descriptor("key", "k"), LARGEST_HITS));
        assertEquals(2 * LARGEST_HITS, used("many-requests", descriptor("key", "k")));
        assertRefused("requests", hits(descriptor("user", "alice"), LARGEST_HITS));
        for (long hits : List.of(LARGEST_HITS + 1, Long.MAX_VALUE, -1L)) {
            assertInvalid("out of range", hits(descriptor("key", "k"), hits));
            assertInvalid("out of range", hits(descriptor("key", "k"), hits).setIsNegativeHits(true));
        }
        assertEquals(2 * LARGEST_HITS, used("many-requests", descriptor("key", "k")));
        assertAllowed(hits(descriptor("key", "k"), LARGEST_HITS).setIsNegativeHits(true));
        assertEquals(LARGEST_HITS, used("many-requests", descriptor("key", "k")));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void theLargestHitsOfACallAreCounted(Store with) throws Exception {
        start(with);
        RateLimitRequest call = request("llm", descriptor("key", "k")).toBuilder()
                .setHitsAddend((int) LARGEST_HITS)
                .build();
        assertEquals(Code.OK, envoy.ask(call).getOverallCode());
        assertEquals(LARGEST_HITS, used("many-requests", descriptor("key", "k")));
    }

    @ParameterizedTest
    @EnumSource
    void noHitsOfACallAreOneAndNoHitsOfADescriptorOnlyAsk(Store with) throws Exception {
        start(with);
        for (int i = 0; i < 5; i++) {
            assertAllowed(hits(descriptor("user", "alice"), 0));
        }
        assertAllowed(hits(descriptor("caller", "alice"), 0));
        assertAllowed(hits(descriptor("spender", "alice"), 0));
        assertKept(0);
        RateLimitRequest call = request("llm", descriptor("user", "alice")).toBuilder()
                .setHitsAddend(0)
                .build();
        for (int i = 0; i < 3; i++) {
            assertEquals(Code.OK, envoy.ask(call).getOverallCode());
        }
        assertEquals(Code.OVER_LIMIT, envoy.ask(call).getOverallCode());
        assertRefused("requests", hits(descriptor("user", "alice"), 0));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void negativeHitsAreAllowedWhateverIsUsed(Store with) throws Exception {
        start(with);
        assertAllowed(hits(descriptor("user", "alice"), LARGEST_HITS).setIsNegativeHits(true));
        assertKept(0);
        assertAllowed(hits(descriptor("user", "alice"), 3));
        assertRefused("requests", descriptor("user", "alice"));
        assertAllowed(hits(descriptor("user", "alice"), 2).setIsNegativeHits(true));
        assertEquals(1, used("requests", descriptor("user", "alice")));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void anEstimateAsLargeAsTheLargestLimitIsHeldAndSettledExactly(Store with) throws Exception {
        start(with);
        RateLimitResponse whole = envoy.ask(request("llm", descriptor("spender", "alice")));
        assertEquals(Code.OK, whole.getOverallCode());
        assertEquals("0", header(whole, "x-ratelimit-remaining"));
        assertRefused("tokens", descriptor("spender", "alice", "max_tokens", "1"));
        assertEquals(Code.OK, envoy.ask(settlement(whole, 999_999_999)).getOverallCode());
        assertEquals(999_999_999, used("tokens", descriptor("spender", "alice")));
        assertRefused("tokens", descriptor("spender", "alice", "max_tokens", String.valueOf(LARGEST_AMOUNT)));
        RateLimitResponse rest = envoy.ask(request(
                "llm", descriptor("spender", "alice", "max_tokens", String.valueOf(LARGEST_AMOUNT - 999_999_999))));
        assertEquals("0", header(rest, "x-ratelimit-remaining"));
        assertEquals(Code.OK, envoy.ask(unused(rest, 999_999_999)).getOverallCode());
        assertEquals(LARGEST_AMOUNT - 999_999_999, used("tokens", descriptor("spender", "alice")));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void aDebtBeyondTheLargestAmountIsStillADebt(Store with) throws Exception {
        start(with);
        RateLimitResponse whole = envoy.ask(request("llm", descriptor("spender", "alice")));
        assertEquals(Code.OK, envoy.ask(settlement(whole, 0)).getOverallCode());
        RateLimitResponse little = envoy.ask(request("llm", descriptor("spender", "alice", "max_tokens", "1")));
        RateLimitResponse most = envoy.ask(
                request("llm", descriptor("spender", "alice", "max_tokens", String.valueOf(LARGEST_AMOUNT - 1))));
        assertEquals(Code.OK, envoy.ask(settlement(little, 999_999_999)).getOverallCode());
        RateLimitResponse refused = assertRefused("tokens", descriptor("spender", "alice", "max_tokens", "1"));
        assertEquals("0", header(refused, "x-ratelimit-remaining"));
        assertEquals(Code.OK, envoy.ask(settlement(most, 0)).getOverallCode());
        long used = used("tokens", descriptor("spender", "alice"));
        // Redis counts in doubles, which round a debt above 2^53.
        assertTrue(store == Store.REDIS ? Math.abs(used - 999_999_999) <= 1 : used == 999_999_999, "used " + used);
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void maxTokensBeyondTheLargestAmountCannotBeRead(Store with) throws Exception {
        start(with);
        for (String maxTokens : List.of("9007199254740992", "18446744073709551616", LONG_VALUE, "9".repeat(65_536))) {
            RateLimitResponse refused =
                    envoy.ask(request("llm", descriptor("spender", "alice", "max_tokens", maxTokens)));
            assertEquals(Code.OVER_LIMIT, refused.getOverallCode());
            assertTrue(refused.getRawBody().toStringUtf8().contains("unreadable_max_tokens"), refused::toString);
            assertTrue(refused.getRawBody().size() < 1_000, "the value is not sent back whole");
        }
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void aThousandDescriptorsOfOneBucketAreChargedOnce(Store with) throws Exception {
        start(with);
        RateLimitResponse answer = envoy.ask(thousand(i -> descriptor("user", "alice")));
        assertEquals(Code.OK, answer.getOverallCode());
        assertEquals(1_000, answer.getStatusesCount());
        assertEquals(1, used("requests", descriptor("user", "alice")));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void aThousandDescriptorsOfAThousandBucketsAreChargedAllOrNone(Store with) throws Exception {
        start(with);
        RateLimitRequest all = thousand(i -> descriptor("user", "u" + i));
        for (int i = 0; i < 2; i++) {
            assertEquals(Code.OK, envoy.ask(all).getOverallCode());
        }
        assertKept(1_000);
        assertAllowed(descriptor("user", "u999"));
        RateLimitResponse refused = envoy.ask(all);
        assertEquals(Code.OVER_LIMIT, refused.getOverallCode());
        assertEquals(Code.OVER_LIMIT, refused.getStatuses(999).getCode());
        assertEquals(Code.OK, refused.getStatuses(0).getCode());
        assertEquals(2, used("requests", descriptor("user", "u0")));
        assertKept(1_000);
    }

    @ParameterizedTest
    @EnumSource
    void aThousandSlotsAreFreedByOneRelease(Store with) throws Exception {
        start(with);
        RateLimitResponse answer = envoy.ask(thousand(i -> descriptor("caller", "c" + i)));
        assertEquals(Code.OK, answer.getOverallCode());
        assertEquals(1, used("parallel", descriptor("caller", "c999")));
        RateLimitRequest release = request("llm", Calls.release(Calls.reservation(answer)));
        assertEquals(Code.OK, envoy.ask(release).getOverallCode());
        assertEquals(0, used("parallel", descriptor("caller", "c0")));
        assertEquals(0, used("parallel", descriptor("caller", "c999")));
    }

    @ParameterizedTest
    @EnumSource
    void aThousandSettlementsOfReservationsThatAreNotThereAreAnswered(Store with) throws Exception {
        start(with);
        String unknown = "weir_settlements_total{domain=\"llm\",outcome=\"unknown\"}";
        double before = service.metric(unknown);
        RateLimitRequest all = thousand(i -> Calls.settle("none-" + i, i, "200"));
        assertEquals(Code.OK, envoy.ask(all).getOverallCode());
        assertEquals(before + 1_000, service.metric(unknown));
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void longNamesAndValuesAreLimitedLikeOthers(Store with) throws Exception {
        start(with);
        for (int i = 0; i < 3; i++) {
            assertAllowed(descriptor("user", LONG_VALUE, LONG_VALUE, LONG_VALUE));
        }
        assertRefused("requests", descriptor("user", LONG_VALUE));
        assertAllowed(descriptor("user", LONG_VALUE + "y"));
        assertRefused("", descriptor(LONG_VALUE, "alice"));
        assertAllowed(own(descriptor(LONG_VALUE, LONG_VALUE), 1, 2));
        assertRefused("override", own(descriptor(LONG_VALUE, LONG_VALUE), 1, 2));
        assertKept(3);
    }

    @ParameterizedTest
    @EnumSource
    void longTextThatSteersIsAnsweredShortly(Store with) throws Exception {
        start(with);
        expect(Status.Code.NOT_FOUND, "no domain", request(LONG_VALUE, descriptor("user", "alice")));
        expect(
                Status.Code.INVALID_ARGUMENT,
                "must be settle or release",
                request("llm", descriptor("weir.reservation", "r", "weir.event", LONG_VALUE)));
        assertEquals(
                Code.OK, envoy.ask(request("llm", Calls.release(LONG_VALUE))).getOverallCode());
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void aCallBeyondAMegabyteIsNotRead(Store with) throws Exception {
        start(with);
        expect(Status.Code.RESOURCE_EXHAUSTED, "", request("llm", descriptor("user", LONG_VALUE.repeat(16))));
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void everyByteOfAValueHasABucketOfItsOwn(Store with) throws Exception {
        start(with);
        for (int round = 0; round < 3; round++) {
            for (int b = 0; b < 256; b++) {
                assertAllowed(Descriptor.newBuilder().addEntries(Calls.entry("user", bytes(b))));
            }
        }
        assertKept(256);
        for (int b = 0; b < 256; b++) {
            assertRefused("requests", Descriptor.newBuilder().addEntries(Calls.entry("user", bytes(b))));
        }
        assertKept(256);
    }

    @ParameterizedTest
    @EnumSource
    void everyByteOfANameHasABucketOfItsOwn(Store with) throws Exception {
        start(with);
        for (int b = 0; b < 256; b++) {
            assertAllowed(own(named(bytes(b)), 1, 2));
        }
        for (int b = 0; b < 256; b++) {
            assertRefused("override", own(named(bytes(b)), 1, 2));
        }
        assertKept(256);
    }

    @ParameterizedTest
    @EnumSource
    void everyByteWithASeparatorStaysOnItsSideOfIt(Store with) throws Exception {
        start(with);
        ByteString letter = bytes('a');
        for (int b = 0; b < 256; b++) {
            assertAllowed(Descriptor.newBuilder()
                    .addEntries(Calls.entry("left", bytes(b)))
                    .addEntries(Calls.entry("right", bytes(b, 'a'))));
            assertAllowed(Descriptor.newBuilder()
                    .addEntries(Calls.entry("left", bytes(b, b)))
                    .addEntries(Calls.entry("right", letter)));
        }
        assertKept(512);
    }

    @ParameterizedTest
    @EnumSource
    void emptyNamesAndValuesAreValuesAndTheFirstOfTwoCounts(Store with) throws Exception {
        start(with);
        for (int i = 0; i < 3; i++) {
            assertAllowed(descriptor("user", "", "", "", "user", "u" + i));
        }
        assertRefused("requests", descriptor("user", ""));
        assertRefused("", descriptor("", ""));
        assertRefused("", descriptor("", "alice"));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void aLimitOfZeroAdmitsNothingAndLeavesNothingBehind(Store with) throws Exception {
        start(with);
        for (String attribute : List.of("outcast", "idler")) {
            for (long hits : List.of(0L, 1L)) {
                RateLimitResponse refused = assertRefused(
                        attribute.equals("idler") ? "no-slots" : "none", hits(descriptor(attribute, "a"), hits));
                assertTrue(refused.getRawBody().toStringUtf8().contains("never_fits"), refused::toString);
            }
        }
        assertRefused("none", descriptor("outcast", "a", "user", "alice", "caller", "alice"));
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void aLimitOfTheDescriptorIsEnforcedCountedAndNamed(Store with) throws Exception {
        start(with);
        String counted = "weir_decisions_total{domain=\"llm\",limit=\"override\",outcome=\"refused\",tier=\"none\"}";
        double before = service.metric(counted);
        assertAllowed(own(descriptor("user", "alice"), 2, 2));
        assertAllowed(own(descriptor("user", "alice"), 2, 2));
        RateLimitResponse refused = assertRefused("override", own(descriptor("user", "alice"), 2, 2));
        assertEquals("user", header(refused, "x-weir-tier"));
        assertRefused("override", own(descriptor("user", "alice"), 0, 3));
        assertEquals(before + 2, service.metric(counted));
        assertKept(1);
    }

    @ParameterizedTest
    @EnumSource
    void aLimitOfTheDescriptorWithAnUnknownUnitIsInvalidAndChargesNothing(Store with) throws Exception {
        start(with);
        for (int unit : new int[] {0, 8, 99, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            expect(
                    Status.Code.INVALID_ARGUMENT,
                    "descriptor 1: the unit " + unit,
                    request("llm", descriptor("user", "alice"), own(descriptor("user", "alice"), 5, unit)));
        }
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsUnlimitedIsAllowedAndLeavesNothingBehind(Store with) throws Exception {
        start(with);
        for (long hits : List.of(0L, 1L, LARGEST_HITS)) {
            assertAllowed(hits(descriptor("guest", "a"), hits));
        }
        assertKept(0);
    }

    @ParameterizedTest
    @EnumSource
    void malformedProtobufIsInvalidAndChargesNothing(Store with) throws Exception {
        start(with);
        byte[] good = request("llm", descriptor("user", "alice")).toByteArray();
        for (int length = 1; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> envoy.sendRaw(cut));
            assertTrue(
                    List.of(Status.Code.INVALID_ARGUMENT, Status.Code.NOT_FOUND)
                            .contains(e.getStatus().getCode()),
                    length + " bytes: " + e);
        }
        assertKept(0);
    }

    @Test
    void aForeignValueInRedisFailsItsCallersAloneAndSaysWhatToDo() throws Exception {
        start(Store.REDIS);
        assertAllowed(descriptor("user", "alice"));
        String bucket = commands.keys(BUCKETS).get(0);
        commands.set(bucket, "junk");
        expect(
                Status.Code.UNAVAILABLE,
                bucket + " is not a bucket; delete it there",
                request("llm", descriptor("user", "alice")));
        assertAllowed(descriptor("user", "bob"));
        commands.del(bucket);
        assertAllowed(descriptor("user", "alice"));
    }

    /** So many buckets and reservations are in the store, and nothing else. */
    private void assertKept(long expected) throws Exception {
        long kept = store == Store.REDIS
                ? commands.keys(BUCKETS).size()
                : (long) service.metric("weir_buckets") - keptBefore;
        assertEquals(expected, kept);
    }

    private void assertAllowed(Descriptor.Builder descriptor) {
        RateLimitResponse answer = envoy.ask(request("llm", descriptor));
        assertEquals(Code.OK, answer.getOverallCode(), answer::toString);
    }

    /** @param limit that is named; empty where none applies */
    private RateLimitResponse assertRefused(String limit, Descriptor.Builder descriptor) {
        RateLimitResponse answer = envoy.ask(request("llm", descriptor));
        assertEquals(Code.OVER_LIMIT, answer.getOverallCode(), answer::toString);
        assertEquals(limit, headerOr(answer, "x-weir-limit", ""));
        return answer;
    }

    private void assertInvalid(String word, Descriptor.Builder descriptor) {
        expect(Status.Code.INVALID_ARGUMENT, word, request("llm", descriptor));
    }

    private void expect(Status.Code code, String word, RateLimitRequest call) {
        StatusRuntimeException e = assertThrows(StatusRuntimeException.class, () -> envoy.ask(call));
        assertEquals(code, e.getStatus().getCode(), e::toString);
        String description = String.valueOf(e.getStatus().getDescription());
        assertTrue(description.contains(word), description);
        assertTrue(description.length() < 1_000, "a long text is not sent back whole");
    }

    /** Asks without taking any. */
    private long used(String limit, Descriptor.Builder descriptor) {
        RateLimitResponse answer = envoy.ask(request("llm", hits(descriptor, 0)));
        assertEquals(limit, answer.getStatuses(0).getCurrentLimit().getName());
        return Long.parseLong(header(answer, "x-ratelimit-limit"))
                - Long.parseLong(header(answer, "x-ratelimit-remaining"));
    }

    private static RateLimitRequest settlement(RateLimitResponse admitted, long tokens) {
        return request("llm", Calls.settle(Calls.reservation(admitted), tokens, "200"));
    }

    private static RateLimitRequest unused(RateLimitResponse admitted, long tokens) {
        return request(
                "llm", Calls.settle(Calls.reservation(admitted), tokens, "200").setIsNegativeHits(true));
    }

    private static RateLimitRequest thousand(IntFunction<Descriptor.Builder> descriptor) {
        return request("llm", IntStream.range(0, 1_000).mapToObj(descriptor).toArray(Descriptor.Builder[]::new));
    }

    private static Descriptor.Builder hits(Descriptor.Builder descriptor, long hits) {
        return descriptor.setHitsAddend(UInt64Value.of(hits));
    }

    private static Descriptor.Builder own(Descriptor.Builder descriptor, int requests, int unit) {
        return descriptor.setLimit(
                LimitOverride.newBuilder().setRequestsPerUnit(requests).setUnit(unit));
    }

    private static Descriptor.Builder named(ByteString name) {
        return Descriptor.newBuilder().addEntries(Entry.newBuilder().setKey(name));
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    private static String header(RateLimitResponse answer, String name) {
        return headerOr(answer, name, "none");
    }

    private static String headerOr(RateLimitResponse answer, String name, String otherwise) {
        return answer.getResponseHeadersToAddList().stream()
                .filter(header -> header.getKey().equals(name))
                .map(HeaderValue::getValue)
                .findFirst()
                .orElse(otherwise);
    }
}

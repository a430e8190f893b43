package dev.weir.envoy.ratelimit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.measure.Amounts;
import dev.weir.measure.Measure;
import dev.weir.request.LimitOverride;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import dev.weir.wire.Descriptor;
import dev.weir.wire.Entry;
import dev.weir.wire.RateLimitRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R4.4, R5.5: what Envoy asks, and what it tells when a stream has ended. */
class RequestReaderTest {
    private static final long UNKNOWN_USAGE = 1_000_000_000;

    @Test
    void domainAttributesAndRequestIdAreRead() throws InvalidRequestException {
        Request request = read(call(descriptor("user", "alice", "weir.request_id", "r-1", "team", "red"))
                .build());

        assertEquals("llm", request.domain());
        assertEquals("r-1", request.id());
        assertEquals(1, request.descriptors().size());
        assertEquals(
                "{user=alice, team=red}",
                request.descriptors().get(0).attributes().toString());
        assertEquals(List.of(), request.settlements());
    }

    @Test
    void theFirstRequestIdCounts() throws InvalidRequestException {
        Request request = read(call(
                        descriptor("user", "alice"),
                        descriptor("weir.request_id", "r-1"),
                        descriptor("weir.request_id", "r-2"))
                .build());

        assertEquals("r-1", request.id());
        assertNull(read(call(descriptor("user", "alice")).build()).id());
    }

    @Test
    void aCallWithoutDescriptorsIsInvalid() {
        assertEquals("the call has no descriptors; set `rate_limits` in Envoy's configuration", problem(call()));
    }

    @Test
    void aDescriptorOfMoreThanAHundredEntriesIsInvalid() throws InvalidRequestException {
        Descriptor.Builder wide = Descriptor.newBuilder();
        for (int i = 0; i < 100; i++) {
            wide.addAllEntries(descriptor("name-" + i, "value").getEntriesList());
        }
        assertEquals(
                100, read(call(wide).build()).descriptors().get(0).attributes().size());
        wide.addAllEntries(descriptor("another", "value").getEntriesList());
        assertEquals("descriptor 0 has 101 entries; send at most 100", problem(call(wide)));
    }

    @Test
    void aCallWithoutDomainIsInvalid() {
        assertEquals(
                "the call has no domain; set `domain` in Envoy's ratelimit filter",
                problem(call(descriptor("user", "alice")).clearDomain()));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "5, 5", "-1, 4294967295"})
    void hitsOfTheCallCountForDescriptorsWithoutTheirOwn(int ofCall, long hits) throws InvalidRequestException {
        Request request = read(call(descriptor("user", "alice"), descriptor("user", "bob"))
                .setHitsAddend(ofCall)
                .build());

        assertEquals(hits, request.descriptors().get(0).hits());
        assertEquals(hits, request.descriptors().get(1).hits());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 4_294_967_295L})
    void hitsOfADescriptorCountBeforeThoseOfTheCall(long hits) throws InvalidRequestException {
        Request request = read(
                call(hits(descriptor("user", "alice"), hits)).setHitsAddend(3).build());

        assertEquals(hits, request.descriptors().get(0).hits());
    }

    @ParameterizedTest
    @CsvSource({"4294967296, 4294967296", "-1, 18446744073709551615"})
    void hitsThatEnvoyNeverSendsAreInvalid(long hits, String shown) {
        assertEquals(
                "descriptor 1: hits " + shown + " are out of range",
                problem(call(descriptor("user", "alice"), hits(descriptor("user", "bob"), hits))));
    }

    @Test
    void negativeHitsGiveBack() throws InvalidRequestException {
        Request request = read(call(hits(descriptor("user", "alice"), 7).setIsNegativeHits(true))
                .build());

        assertEquals(-7, request.descriptors().get(0).hits());
    }

    @Test
    void negativeHitsOfASettlementSayHowManyFewerWereUsed() throws InvalidRequestException {
        assertEquals(
                List.of(Settlement.unused("r-1", 7)),
                settlements(hits(settlement("settle"), 7).setIsNegativeHits(true)));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1s, 1",
        "2, 1m, 60",
        "3, 1h, 3600",
        "4, 1d, 86400",
        "5, 30d, 2592000",
        "6, 365d, 31536000",
        "7, 7d, 604800"
    })
    void aDescriptorMayBringItsOwnLimit(int unit, String window, long seconds) throws InvalidRequestException {
        dev.weir.wire.LimitOverride.Builder limit =
                dev.weir.wire.LimitOverride.newBuilder().setRequestsPerUnit(-1).setUnit(unit);
        Request request = read(call(descriptor("user", "alice").setLimit(limit)).build());

        assertEquals(
                new LimitOverride(4_294_967_295L, window, seconds * 1_000_000),
                request.descriptors().get(0).limit());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 99, -1})
    void aLimitWithAnUnknownUnitIsInvalid(int unit) {
        assertEquals(
                "descriptor 0: the unit " + unit
                        + " of its limit is unknown; use SECOND, MINUTE, HOUR, DAY, WEEK, MONTH or YEAR",
                problem(call(descriptor("user", "alice")
                        .setLimit(dev.weir.wire.LimitOverride.newBuilder()
                                .setRequestsPerUnit(5)
                                .setUnit(unit)))));
    }

    @Test
    void bytesThatAreNotUtf8AreKept() throws InvalidRequestException {
        ByteString raw = ByteString.copyFrom(new byte[] {(byte) 0xff});
        Request request = read(call(Descriptor.newBuilder()
                        .addEntries(Entry.newBuilder().setKey(raw).setValue(raw)))
                .build());

        assertEquals("\udcff", request.descriptors().get(0).attributes().get("\udcff"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 734, UNKNOWN_USAGE - 1})
    void aSettlementSaysWhatWasUsed(long tokens) throws InvalidRequestException {
        assertEquals(List.of(Settlement.used("r-1", tokens)), settlements(hits(settlement("settle"), tokens)));
    }

    @Test
    void aDescriptorWithAReservationAsksForNoRoom() throws InvalidRequestException {
        Request request = read(
                call(hits(settlement("settle"), 5), descriptor("user", "alice")).build());

        assertEquals(1, request.descriptors().size());
        assertEquals("alice", request.descriptors().get(0).attributes().get("user"));
        assertEquals(1, request.settlements().size());
    }

    @Test
    void aReleaseKeepsTheEstimate() throws InvalidRequestException {
        assertEquals(List.of(Settlement.keep("r-1")), settlements(hits(settlement("release"), 5)));
    }

    @Test
    void settleAndReleaseOfOneReservationAreOneSettlementInEitherOrder() throws InvalidRequestException {
        List<Settlement> used = List.of(Settlement.used("r-1", 5));

        assertEquals(used, settlements(hits(settlement("settle"), 5), settlement("release")));
        assertEquals(used, settlements(settlement("release"), hits(settlement("settle"), 5)));
    }

    @Test
    void everyReservationIsSettled() throws InvalidRequestException {
        assertEquals(
                List.of(Settlement.used("r-1", 5), Settlement.used("r-2", 6)),
                settlements(
                        hits(settlement("settle"), 5),
                        hits(descriptor("weir.reservation", "r-2", "weir.event", "settle"), 6)));
    }

    @ParameterizedTest
    @CsvSource({"429, 0", "500, 0", "503, 0", "599, 0", "200,", "400,", "50,", "5000,", "'',"})
    void whereTheUsageIsNotKnownTheResponseCodeDecides(String code, Long tokens) throws InvalidRequestException {
        Settlement expected = tokens == null ? Settlement.keep("r-1") : Settlement.unbilled("r-1");
        Descriptor.Builder settlement =
                descriptor("weir.reservation", "r-1", "weir.event", "settle", "weir.response_code", code);

        assertEquals(List.of(expected), settlements(hits(settlement, UNKNOWN_USAGE)));
        assertEquals(List.of(expected), settlements(settlement.clearHitsAddend()));
    }

    @ParameterizedTest
    @ValueSource(longs = {UNKNOWN_USAGE, UNKNOWN_USAGE + 1, Long.MAX_VALUE, -1})
    void usageThatNobodyTellsKeepsTheEstimate(long hits) throws InvalidRequestException {
        assertEquals(List.of(Settlement.keep("r-1")), settlements(hits(settlement("settle"), hits)));
    }

    @Test
    void usageThatIsKnownCountsWhateverTheResponseCode() throws InvalidRequestException {
        Descriptor.Builder settlement =
                descriptor("weir.reservation", "r-1", "weir.event", "settle", "weir.response_code", "503");

        assertEquals(List.of(Settlement.used("r-1", 9)), settlements(hits(settlement, 9)));
    }

    @Test
    void amountsOfSeveralMeasuresAreOneSettlement() throws InvalidRequestException {
        Amounts parts = Amounts.of(Measure.PROMPT_TOKENS, 30).and(Measure.COMPLETION_TOKENS, 12);

        assertEquals(
                List.of(Settlement.used("r-1", parts)),
                settlements(
                        hits(measured("prompt_tokens"), 30),
                        settlement("release"),
                        hits(measured("completion_tokens"), 12),
                        hits(measured("prompt_tokens"), 99)));
    }

    @Test
    void aMeasureThatNobodyKnowsTellsNothingAndLosesNoEnd() throws InvalidRequestException {
        assertEquals(List.of(Settlement.keep("r-1")), settlements(hits(measured("bananas"), 30)));
        assertEquals(
                List.of(Settlement.used("r-1", 5)),
                settlements(hits(measured("bananas"), 30), hits(settlement("settle"), 5)));
    }

    @Test
    void aMeasureThatNobodyKnowsCostsNothingWhereTheProviderRefused() throws InvalidRequestException {
        Descriptor.Builder refused = hits(
                descriptor(
                        "weir.reservation",
                        "r-1",
                        "weir.event",
                        "settle",
                        "weir.measure",
                        "bananas",
                        "weir.response_code",
                        "429"),
                7);

        assertEquals(List.of(Settlement.unbilled("r-1")), settlements(refused));
    }

    @Test
    void onlyTokensMayBeToldAsThoseThatWereLeft() throws InvalidRequestException {
        Descriptor.Builder left = hits(measured("prompt_tokens"), 5).setIsNegativeHits(true);

        assertEquals(List.of(Settlement.keep("r-1")), settlements(left));
    }

    private static Descriptor.Builder measured(String measure) {
        return descriptor("weir.reservation", "r-1", "weir.event", "settle", "weir.measure", measure);
    }

    @Test
    void anUnknownEventIsInvalid() {
        assertEquals(
                "descriptor 0: `weir.event` must be settle or release, found `done`",
                problem(call(settlement("done"))));
        assertEquals(
                "descriptor 0: `weir.event` must be settle or release, found `null`",
                problem(call(descriptor("weir.reservation", "r-1"))));
    }

    private static Request read(RateLimitRequest call) throws InvalidRequestException {
        return RequestReader.read(call.toByteArray()).request();
    }

    private static List<Settlement> settlements(Descriptor.Builder... descriptors) throws InvalidRequestException {
        return read(call(descriptors).build()).settlements();
    }

    private static String problem(RateLimitRequest.Builder call) {
        return assertThrows(InvalidRequestException.class, () -> read(call.build()))
                .getMessage();
    }

    private static RateLimitRequest.Builder call(Descriptor.Builder... descriptors) {
        RateLimitRequest.Builder call = RateLimitRequest.newBuilder().setDomain(ByteString.copyFromUtf8("llm"));
        for (Descriptor.Builder descriptor : descriptors) {
            call.addDescriptors(descriptor);
        }
        return call;
    }

    private static Descriptor.Builder settlement(String event) {
        return descriptor("weir.reservation", "r-1", "weir.event", event);
    }

    private static Descriptor.Builder descriptor(String... attributes) {
        Descriptor.Builder descriptor = Descriptor.newBuilder();
        for (int i = 0; i < attributes.length; i += 2) {
            descriptor.addEntries(Entry.newBuilder()
                    .setKey(ByteString.copyFromUtf8(attributes[i]))
                    .setValue(ByteString.copyFromUtf8(attributes[i + 1])));
        }
        return descriptor;
    }

    private static Descriptor.Builder hits(Descriptor.Builder descriptor, long hits) {
        return descriptor.setHitsAddend(UInt64Value.of(hits));
    }
}

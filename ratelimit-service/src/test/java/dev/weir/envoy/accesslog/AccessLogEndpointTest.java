package dev.weir.envoy.accesslog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.protobuf.ByteString;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Ends;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.Calls;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.telemetry.Telemetry;
import dev.weir.testing.Await;
import dev.weir.wire.AccessLogMessage;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class AccessLogEndpointTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final CompletableFuture<StreamAccessLogsResponse> answer = new CompletableFuture<>();
    private Telemetry telemetry;
    private AccessLogEndpoint endpoint;
    private GrpcServer server;
    private Calls envoy;
    private StreamObserver<WireMessage<AccessLogMessage>> entries;

    @BeforeEach
    void start() throws Exception {
        Policy policy = PolicyReader.read(Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1d, estimate: 20}
                  - {name: user-parallel, tier: user, per: [user], allow: 1 parallel, lease: 30s}
                """));
        telemetry = new Telemetry(policy);
        Decider decider = new Decider(policy, new MemoryBuckets(100, clock), Duration.ofHours(1));
        Ends ends = new Ends(decider, telemetry, (delay, task) -> {});
        endpoint = new AccessLogEndpoint(decider, telemetry, ends);
        server = new GrpcServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(
                        new RateLimitEndpoint(decider, telemetry, ends, ReferenceAnswer::write).service(),
                        endpoint.service()));
        envoy = new Calls(server.port());
        entries = ClientCalls.asyncClientStreamingCall(
                envoy.channel().newCall(WireMethods.STREAM_ACCESS_LOGS, CallOptions.DEFAULT), Calls.first(answer));
    }

    @AfterEach
    void stop() {
        envoy.close();
        server.stop(Duration.ZERO);
        telemetry.close();
    }

    @Test
    void aRequestUnderWayKeepsItsSlotForAsLongAsItIsHeardOf() {
        String reservation = admitted();
        for (int i = 1; i <= 100; i++) {
            clock.advanceSeconds(20);
            tell(AccessLogType.DownstreamPeriodic, entry("llm", reservation));
            awaitCounter("weir_renewals_total{domain=\"llm\",reservation=\"known\"} " + i + ".0");
        }
        clock.advanceSeconds(29);
        assertEquals(Code.OVER_LIMIT, ask().getOverallCode());
        clock.advanceSeconds(1);
        assertEquals(Code.OK, ask().getOverallCode());
    }

    @Test
    void aRequestThatIsHeardOfAgainTakesItsSlotAgain() {
        String reservation = admitted();
        clock.advanceSeconds(30);
        String second = admitted();
        tell(AccessLogType.DownstreamPeriodic, entry("llm", reservation));
        awaitCounter("weir_renewals_total{domain=\"llm\",reservation=\"known\"} 1.0");
        envoy.ask(Calls.request("llm", Calls.release(second)));
        assertEquals(Code.OVER_LIMIT, ask().getOverallCode());
    }

    @Test
    void theEntryAtTheEndFreesTheSlotAndWhatIsSettledLaterCounts() {
        String reservation = admitted();
        tell(AccessLogType.DownstreamEnd, entry("llm", reservation));
        awaitCounter("weir_vacated_total{domain=\"llm\"} 1.0");
        envoy.ask(Calls.request("llm", Calls.settle(reservation, 80, "200")));
        RateLimitResponse next = ask();
        assertEquals(Code.OK, next.getOverallCode());
        assertEquals(0, next.getStatuses(0).getLimitRemaining());
    }

    @Test
    void aRequestThatWasSentToNobodyHasUsedNothing() {
        String reservation = admitted();
        tell(AccessLogType.DownstreamEnd, ByteString.EMPTY, entry("llm", reservation));
        awaitCounter("weir_settlements_total{domain=\"llm\",outcome=\"settled\"} 1.0");
        RateLimitResponse all = envoy.ask(Calls.request("llm", Calls.descriptor("user", "alice", "max_tokens", "100")));
        assertEquals(Code.OK, all.getOverallCode());
    }

    @Test
    void aRequestThatTwoFiltersHaveAdmittedKeepsTheSlotsOfBoth() {
        tell(
                AccessLogType.DownstreamPeriodic,
                CheckRequest.Metadata.newBuilder()
                        .addFilterMetadata(entry("other", "elsewhere").getFilterMetadata(0))
                        .addFilterMetadata(entry("llm", admitted()).getFilterMetadata(0))
                        .build());
        awaitCounter("weir_renewals_total{domain=\"llm\",reservation=\"known\"} 1.0");
    }

    @Test
    void whoLeavesEndsTheStreamsThatEnvoyLeavesOpen() throws Exception {
        tell(AccessLogType.DownstreamPeriodic, entry("llm", admitted()));
        awaitCounter("weir_renewals_total{domain=\"llm\",reservation=\"known\"} 1.0");
        endpoint.leave();
        assertEquals(StreamAccessLogsResponse.getDefaultInstance(), answer.get());
    }

    @Test
    void entriesThatMeanNothingHereArePassedOver() throws Exception {
        String reservation = admitted();
        tell(AccessLogType.UpstreamEnd, entry("llm", reservation));
        tell(AccessLogType.DownstreamEnd, entry("llm", "nobody's"), entry("other", reservation));
        tell(AccessLogType.DownstreamEnd, CheckRequest.Metadata.getDefaultInstance());
        entries.onNext(new WireMessage<>(AccessLogMessage.getDefaultInstance(), ""));
        entries.onCompleted();
        assertEquals(StreamAccessLogsResponse.getDefaultInstance(), answer.get());
        assertEquals(Code.OVER_LIMIT, ask().getOverallCode());
    }

    private String admitted() {
        RateLimitResponse admitted = ask();
        assertEquals(Code.OK, admitted.getOverallCode());
        assertEquals(
                "llm",
                admitted.getDynamicMetadata()
                        .getFieldsOrThrow("reservation_domain")
                        .getStringValue());
        assertNotEquals("", Calls.reservation(admitted));
        return Calls.reservation(admitted);
    }

    private RateLimitResponse ask() {
        return envoy.ask(Calls.request("llm", Calls.descriptor("user", "alice")));
    }

    private void tell(AccessLogType type, CheckRequest.Metadata... requests) {
        tell(type, ByteString.copyFromUtf8("an address"), requests);
    }

    /** @param upstream whom the requests were sent to */
    private void tell(AccessLogType type, ByteString upstream, CheckRequest.Metadata... requests) {
        AccessLogMessage.HttpEntries.Builder http = AccessLogMessage.HttpEntries.newBuilder();
        for (CheckRequest.Metadata metadata : requests) {
            http.addLogEntry(AccessLogMessage.Entry.newBuilder()
                    .setCommonProperties(AccessLogMessage.Common.newBuilder()
                            .setMetadata(metadata)
                            .setUpstreamRemoteAddress(upstream)
                            .setAccessLogType(type.getNumber())));
        }
        entries.onNext(new WireMessage<>(
                AccessLogMessage.newBuilder().setHttpLogs(http).build(), ""));
    }

    private static CheckRequest.Metadata entry(String domain, String reservation) {
        return CheckRequest.Metadata.newBuilder()
                .addFilterMetadata(CheckRequest.Namespace.newBuilder()
                        .setKey(ByteString.copyFromUtf8("envoy.filters.http.ratelimit"))
                        .setValue(CheckRequest.Struct.newBuilder()
                                .addFields(field("reservation", reservation))
                                .addFields(field("reservation_domain", domain))))
                .build();
    }

    private static CheckRequest.Field field(String name, String value) {
        return CheckRequest.Field.newBuilder()
                .setKey(ByteString.copyFromUtf8(name))
                .setValue(CheckRequest.Value.newBuilder().setStringValue(ByteString.copyFromUtf8(value)))
                .build();
    }

    private void awaitCounter(String line) {
        Await.until(line, () -> telemetry.page().lines().anyMatch(line::equals));
    }
}

package dev.weir.envoy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Admission;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.OverloadedException;
import dev.weir.bucket.OverloadedException.Shed;
import dev.weir.bucket.Patience;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.decide.Decider;
import dev.weir.decide.Ends;
import dev.weir.dropin.answer.ReferenceAnswer;
import dev.weir.envoy.Calls;
import dev.weir.envoy.listen.GrpcServer;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.telemetry.Telemetry;
import dev.weir.testing.Await;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Invariants 4 and 8: a call that is cancelled while the store is asked leaks nothing. */
@Timeout(30)
class CancellationTest {
    private static final RateLimitRequest REQUEST = Calls.request("llm", Calls.descriptor("user", "alice"));

    @TempDir
    private Path folder;

    private final SlowBuckets buckets = new SlowBuckets();
    private Telemetry telemetry;
    private RateLimitEndpoint endpoint;
    private GrpcServer server;
    private Calls envoy;

    @BeforeEach
    void start() throws Exception {
        Policy policy = PolicyReader.read(Files.writeString(folder.resolve("policy.yaml"), """
                domain: llm
                limits:
                  - {name: user-tokens, tier: user, per: [user], allow: 100 tokens / 1m, estimate: 10}
                  - {name: user-parallel, tier: user, per: [user], allow: 2 parallel}
                """));
        telemetry = new Telemetry(policy);
        Decider decider = new Decider(policy, buckets, Duration.ofHours(1));
        Ends ends = new Ends(decider, telemetry, (delay, task) -> {});
        endpoint = new RateLimitEndpoint(decider, telemetry, ends, ReferenceAnswer::write);
        server =
                new GrpcServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(endpoint.service()));
        envoy = new Calls(server.port());
    }

    @AfterEach
    void stop() {
        envoy.close();
        server.stop(Duration.ZERO);
        telemetry.close();
    }

    @Test
    void aClientThatLeftInTimeHasUsedNothing() throws Exception {
        ClientCall<?, ?> call = ask(CallOptions.DEFAULT);
        Admission admission = buckets.asked.get();
        call.cancel("the client has left", null);
        untilTheServerKnows();
        buckets.admit.complete(buckets.admitted());
        assertEquals(admission.reservation() + " Undone[]", buckets.settled.get());
        awaitCounter("weir_cancellations_total{domain=\"llm\",when=\"in_time\"} 1.0");
        awaitCounter("weir_late_answers_total{domain=\"llm\"} 0.0");
    }

    @Test
    void theStoreLearnsHowLongTheCallerWaitsAndThatItHasLeft() throws Exception {
        untilTheServerKnows();
        ClientCall<?, ?> call = ask(CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        Patience patience = buckets.asked.get().patience();
        long left = patience.nanosLeft(System.nanoTime());
        assertTrue(left > 0 && left <= TimeUnit.SECONDS.toNanos(20), left + " ns");
        assertEquals(1_000, patience.nanosLeft(7_000) - patience.nanosLeft(8_000));
        call.cancel("the client has left", null);
        untilTheServerKnows();
        assertEquals(0, patience.nanosLeft(System.nanoTime()));
    }

    @Test
    void aCallerWithoutADeadlineWaitsUntilItLeaves() throws Exception {
        ask(CallOptions.DEFAULT);
        assertEquals(Long.MAX_VALUE, buckets.asked.get().patience().nanosLeft(System.nanoTime()));
    }

    @Test
    void whatIsNotSentBecauseNobodyHearsTheAnswerIsNoErrorOfTheStore() throws Exception {
        ask(CallOptions.DEFAULT);
        buckets.asked.get();
        buckets.admit.completeExceptionally(new OverloadedException(Shed.GONE));
        untilTheServerKnows();
        awaitCounter("weir_store_errors_total{domain=\"llm\"} 0.0");
    }

    @Test
    void anOverloadedStoreIsUnavailableAndSaysWhy() throws Exception {
        CompletableFuture<RateLimitResponse> answer = new CompletableFuture<>();
        ask(CallOptions.DEFAULT, answer);
        buckets.asked.get();
        buckets.admit.completeExceptionally(new OverloadedException(Shed.TOO_LONG));
        Status status = Status.fromThrowable(assertThrows(ExecutionException.class, answer::get));
        assertEquals(Status.Code.UNAVAILABLE, status.getCode());
        assertEquals(
                "the store cannot be asked: overloaded, what waits for it already takes longer than this call has",
                status.getDescription());
        awaitCounter("weir_store_errors_total{domain=\"llm\"} 1.0");
    }

    @Test
    void aCallWhoseDeadlineHasPassedKeepsItsEstimateAndFreesItsSlot() throws Exception {
        // A connection that is up, and time enough for a machine that is busy, so that the call arrives before its end.
        untilTheServerKnows();
        CompletableFuture<RateLimitResponse> answer = new CompletableFuture<>();
        ask(CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS), answer);
        Admission admission = buckets.asked.get();
        assertEquals(
                List.of(EndAction.SETTLE, EndAction.RELEASE),
                admission.charges().stream().map(Charge::atEnd).toList());
        assertThrows(ExecutionException.class, answer::get);
        untilTheServerKnows();
        buckets.admit.complete(buckets.admitted());
        assertEquals(admission.reservation() + " Unknown[]", buckets.settled.get());
        awaitCounter("weir_cancellations_total{domain=\"llm\",when=\"late\"} 1.0");
        awaitCounter("weir_late_answers_total{domain=\"llm\"} 1.0");
    }

    @Test
    void anAnswerThatHoldsNothingIsLateTooAndSoIsAFailure() throws Exception {
        untilTheServerKnows();
        CompletableFuture<RateLimitResponse> answer = new CompletableFuture<>();
        ask(CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS), answer);
        buckets.asked.get();
        assertThrows(ExecutionException.class, answer::get);
        untilTheServerKnows();
        buckets.admit.completeExceptionally(new IllegalStateException("gone"));
        awaitCounter("weir_store_errors_total{domain=\"llm\"} 1.0");
        awaitCounter("weir_late_answers_total{domain=\"llm\"} 1.0");
    }

    /** Which gRPC learns of when we have answered and the answer is on its way to the connection. */
    @Test
    void aClientThatLeavesBeforeItsAnswerIsSentHasUsedNothing() throws Exception {
        UnsentCall call = new UnsentCall();
        ServerCall.Listener<byte[]> listener = call.start(endpoint);
        listener.onMessage(REQUEST.toByteArray());
        listener.onHalfClose();
        Admission admission = buckets.asked.get();
        buckets.admit.complete(buckets.admitted());
        assertEquals(true, call.answered);
        assertEquals(false, buckets.settled.isDone());
        listener.onCancel();
        assertEquals(admission.reservation() + " Undone[]", buckets.settled.get());
        awaitCounter("weir_cancellations_total{domain=\"llm\",when=\"in_time\"} 1.0");
    }

    @Test
    void aCallThatIsHeardKeepsWhatItHolds() throws Exception {
        CompletableFuture<RateLimitResponse> answer = new CompletableFuture<>();
        ask(CallOptions.DEFAULT, answer);
        buckets.asked.get();
        buckets.admit.complete(buckets.admitted());
        assertEquals(1, answer.get().getStatusesCount());
        assertEquals(false, buckets.settled.isDone());
        awaitCounter("weir_late_answers_total{domain=\"llm\"} 0.0");
    }

    /** A connection brings things in order: what is answered now was asked after the cancellation had arrived. */
    private void untilTheServerKnows() {
        HealthGrpc.newBlockingStub(envoy.channel()).check(HealthCheckRequest.getDefaultInstance());
    }

    private ClientCall<?, ?> ask(CallOptions options) {
        return ask(options, new CompletableFuture<>());
    }

    private ClientCall<?, ?> ask(CallOptions options, CompletableFuture<RateLimitResponse> answer) {
        ClientCall<WireMessage<RateLimitRequest>, RateLimitResponse> call =
                envoy.channel().newCall(WireMethods.SHOULD_RATE_LIMIT, options);
        ClientCalls.asyncUnaryCall(call, new WireMessage<>(REQUEST, ""), Calls.first(answer));
        return call;
    }

    private void awaitCounter(String line) {
        Await.until(line, () -> telemetry.page().lines().anyMatch(line::equals));
    }

    /** A call whose answer never leaves for its client. */
    private static final class UnsentCall extends ServerCall<byte[], byte[]> {
        private boolean answered;

        @SuppressWarnings("unchecked")
        Listener<byte[]> start(RateLimitEndpoint endpoint) {
            ServerMethodDefinition<byte[], byte[]> method = (ServerMethodDefinition<byte[], byte[]>)
                    endpoint.service().getMethod(WireMethods.SHOULD_RATE_LIMIT.getFullMethodName());
            return method.getServerCallHandler().startCall(this, new Metadata());
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(byte[] message) {
            answered = true;
        }

        @Override
        public void close(Status status, Metadata trailers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<byte[], byte[]> getMethodDescriptor() {
            return WireMethods.SHOULD_RATE_LIMIT_IN_BYTES;
        }
    }

    /** Answers when the test says so. */
    private static final class SlowBuckets implements Buckets {
        private final CompletableFuture<Admission> asked = new CompletableFuture<>();
        private final CompletableFuture<Outcome> admit = new CompletableFuture<>();
        private final CompletableFuture<String> settled = new CompletableFuture<>();

        @Override
        public CompletionStage<Outcome> admit(Admission admission) {
            asked.complete(admission);
            return admit;
        }

        Outcome admitted() {
            return new Outcome.Admitted(List.of(new BucketStatus(10, 1, 0), new BucketStatus(1, 1, 0)));
        }

        @Override
        public CompletionStage<Settled> settle(String reservation, Usage usage) {
            settled.complete(reservation + " " + usage);
            return CompletableFuture.completedFuture(new Settled(Settled.Kind.KEPT, 10, 10));
        }

        @Override
        public CompletionStage<Boolean> vacate(String reservation) {
            throw new AssertionError("asked to vacate " + reservation);
        }

        @Override
        public CompletionStage<Integer> vacateAll(String bucket) {
            throw new AssertionError("asked to vacate " + bucket);
        }

        @Override
        public CompletionStage<Boolean> renew(String reservation, long micros) {
            throw new AssertionError("nobody renews");
        }

        @Override
        public void close() {}
    }
}

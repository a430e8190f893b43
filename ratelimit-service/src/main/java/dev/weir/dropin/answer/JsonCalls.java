package dev.weir.dropin.answer;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.weir.envoy.call.Cancellation;
import dev.weir.envoy.call.PendingCall;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answers rate limit calls in JSON, for those who cannot speak gRPC: proto3's mapping, with names in either case. A refusal is 429; a call
 * that fails is 400, whatever the reason, as envoyproxy/ratelimit has it.
 */
public final class JsonCalls {
    private static final JsonFormat.Printer PRINTER = JsonFormat.printer().omittingInsignificantWhitespace();

    private final RateLimitEndpoint endpoint;

    public JsonCalls(RateLimitEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * An answer over HTTP.
     *
     * @param status HTTP's code
     */
    public record Answer(int status, String type, String text) {
        static Answer bad(String problem) {
            return new Answer(400, "text/plain; charset=utf-8", "Bad Request: " + problem + "\n");
        }
    }

    /** @param body a {@code RateLimitRequest} */
    public CompletionStage<Answer> answer(byte[] body) {
        Observer observer = new Observer();
        RateLimitRequest.Builder request = RateLimitRequest.newBuilder();
        long now = System.nanoTime();
        PendingCall<byte[]> call = new PendingCall<>(observer, new Cancellation(now), null, now);
        try {
            JsonFormat.parser().merge(text(body), request);
        } catch (InvalidProtocolBufferException e) {
            endpoint.reject("malformed JSON: " + e.getMessage(), call);
            return observer.answer;
        } catch (CharacterCodingException e) {
            endpoint.reject("malformed JSON: it is not UTF-8", call);
            return observer.answer;
        }
        endpoint.answer(request.build().toByteArray(), call);
        return observer.answer;
    }

    private static String text(byte[] body) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    }

    private static Answer http(byte[] message) {
        try {
            RateLimitResponse response = RateLimitResponse.parseFrom(message);
            int status = response.getOverallCode() == Code.OVER_LIMIT ? 429 : 200;
            return new Answer(status, "application/json", PRINTER.print(response));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an answer has no JSON", e);
        }
    }

    private static final class Observer implements StreamObserver<byte[]> {
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        @Override
        public void onNext(byte[] response) {
            answer.complete(http(response));
        }

        @Override
        public void onError(Throwable failure) {
            answer.complete(
                    Answer.bad(String.valueOf(Status.fromThrowable(failure).getDescription())));
        }

        @Override
        public void onCompleted() {}
    }
}

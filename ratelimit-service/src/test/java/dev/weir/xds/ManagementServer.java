package dev.weir.xds;

import com.google.protobuf.Any;
import dev.weir.wire.config.RateLimitConfig;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** A management server that does what a test says. */
final class ManagementServer implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
    private final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();
    private final Server server;

    private ManagementServer(int port, SslContext tls) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .sslContext(tls)
                .directExecutor()
                .addService(new Discovery())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <A, B> ServerCall.Listener<A> interceptCall(
                            ServerCall<A, B> call, Metadata sent, ServerCallHandler<A, B> next) {
                        headers.add(sent);
                        return next.startCall(call, sent);
                    }
                })
                .build()
                .start();
    }

    static ManagementServer start() throws IOException {
        return new ManagementServer(0, null);
    }

    static ManagementServer at(int port) throws IOException {
        return new ManagementServer(port, null);
    }

    static ManagementServer withTls(SslContext tls) throws IOException {
        return new ManagementServer(0, tls);
    }

    int port() {
        return server.getPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** The next stream that was opened. */
    Stream stream() throws InterruptedException {
        return next(streams, "no stream");
    }

    /** What came with the next stream. */
    Metadata headers() throws InterruptedException {
        return next(headers, "no stream");
    }

    int streamsWaiting() {
        return streams.size();
    }

    private static <T> T next(BlockingQueue<T> queue, String otherwise) throws InterruptedException {
        T next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Assertions.assertNotNull(next, otherwise);
        return next;
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Discovery extends AggregatedDiscoveryServiceImplBase {
        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> responses) {
            Stream stream = new Stream(responses);
            streams.add(stream);
            return stream;
        }
    }

    /** One stream. */
    static final class Stream implements StreamObserver<DiscoveryRequest> {
        private final BlockingQueue<DiscoveryRequest> requests = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        private final StreamObserver<DiscoveryResponse> responses;

        private Stream(StreamObserver<DiscoveryResponse> responses) {
            this.responses = responses;
        }

        /** The next request that came. */
        DiscoveryRequest request() throws InterruptedException {
            return next(requests, "no request");
        }

        /** Returns once the client has let go of it. */
        void awaitEnd() throws InterruptedException {
            next(ends, "still open");
        }

        int requestsWaiting() {
            return requests.size();
        }

        void send(DiscoveryResponse response) {
            responses.onNext(response);
        }

        /** And returns what it was answered. */
        DiscoveryRequest send(String version, RateLimitConfig... configs) throws InterruptedException {
            send(response(version, Arrays.stream(configs).map(Any::pack).toArray(Any[]::new)));
            return request();
        }

        void end() {
            responses.onCompleted();
        }

        @Override
        public void onNext(DiscoveryRequest request) {
            requests.add(request);
        }

        @Override
        public void onError(Throwable failure) {
            ends.add("cut off");
        }

        @Override
        public void onCompleted() {
            ends.add("ended");
        }
    }

    /** With the nonce {@code n-VERSION}. */
    static DiscoveryResponse response(String version, Any... resources) {
        return DiscoveryResponse.newBuilder()
                .setVersionInfo(version)
                .setNonce("n-" + version)
                .setTypeUrl(ResourceReader.TYPE_URL)
                .addAllResources(Arrays.asList(resources))
                .build();
    }
}

package dev.weir.xds;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of the aggregated discovery service, on a connection of its own. */
final class XdsStream {
    /** Hears what happens to a stream, from one thread at a time. */
    interface Listener {
        void connected(XdsStream stream);

        void received(XdsStream stream, DiscoveryResponse response);

        /** Takes the last event; {@link Status#OK} where the server ended the stream. */
        void lost(XdsStream stream, Status status);
    }

    private final ManagedChannel channel;
    private final Listener listener;
    private @Nullable ClientCallStreamObserver<DiscoveryRequest> requests;

    XdsStream(ManagedChannel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    void open() {
        AggregatedDiscoveryServiceGrpc.newStub(channel).streamAggregatedResources(new Responses());
    }

    /** Sends a request, after {@link #open}; does nothing on a stream that was lost. */
    void send(DiscoveryRequest request) {
        if (requests != null) {
            requests.onNext(request);
        }
    }

    /** Ends the stream and its connection. */
    void close() {
        channel.shutdownNow();
    }

    /** Waits until nothing of it is under way any more, for at most a second. */
    void awaitEnd() {
        try {
            channel.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Responses implements ClientResponseObserver<DiscoveryRequest, DiscoveryResponse> {
        @Override
        public void beforeStart(ClientCallStreamObserver<DiscoveryRequest> call) {
            requests = call;
            boolean[] connected = {false};
            call.setOnReadyHandler(() -> {
                // The handler also runs whenever the stream may send again.
                if (!connected[0]) {
                    connected[0] = true;
                    listener.connected(XdsStream.this);
                }
            });
        }

        @Override
        public void onNext(DiscoveryResponse response) {
            listener.received(XdsStream.this, response);
        }

        @Override
        public void onError(Throwable failure) {
            listener.lost(XdsStream.this, Status.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            listener.lost(XdsStream.this, Status.OK);
        }
    }
}

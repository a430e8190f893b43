package dev.weir.envoy.accesslog;

import com.google.protobuf.ByteString;
import dev.weir.decide.Decider;
import dev.weir.decide.Ends;
import dev.weir.decide.Event;
import dev.weir.envoy.call.CurrentStream;
import dev.weir.envoy.call.HeldReservation;
import dev.weir.envoy.call.Peer;
import dev.weir.envoy.call.WireMessage;
import dev.weir.envoy.call.WireMethods;
import dev.weir.envoy.call.WireText;
import dev.weir.policy.Limit;
import dev.weir.request.ReservedNames;
import dev.weir.wire.AccessLogMessage;
import dev.weir.wire.CheckRequest;
import io.envoyproxy.envoy.data.accesslog.v3.AccessLogType;
import io.envoyproxy.envoy.service.accesslog.v3.StreamAccessLogsResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's access log service, v3, as the sign of life of long requests: an entry that Envoy writes while a request is under way renews its
 * slots and its reservation, and one that it writes at the end frees the slots where nobody has settled them, as well as the estimate of a
 * request that was sent to nobody. Reads only the metadata that Weir itself has given to Envoy, logs nothing, and passes over an entry that
 * means nothing here.
 */
public final class AccessLogEndpoint {
    private static final ByteString RESERVATION = ByteString.copyFromUtf8(ReservedNames.METADATA_RESERVATION);
    private static final ByteString DOMAIN = ByteString.copyFromUtf8(ReservedNames.METADATA_DOMAIN);

    private final Decider decider;
    private final Consumer<Event> events;
    private final Ends ends;
    private final Set<Entries> open = ConcurrentHashMap.newKeySet();

    public AccessLogEndpoint(Decider decider, Consumer<Event> events, Ends ends) {
        this.decider = decider;
        this.events = events;
        this.ends = ends;
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder(WireMethods.ACCESS_LOG_SERVICE)
                .addMethod(WireMethods.STREAM_ACCESS_LOGS, ServerCalls.asyncClientStreamingCall(Entries::new))
                .build();
    }

    /** Ends all streams, which Envoy leaves open for ever: for its next entry it opens one to a replica that is healthy then. */
    public void leave() {
        open.forEach(Entries::end);
    }

    /** A stream of Envoy's, which lasts as long as its connection. */
    private final class Entries implements StreamObserver<WireMessage<AccessLogMessage>> {
        private final StreamObserver<StreamAccessLogsResponse> answer;
        private final @Nullable CurrentStream stream = CurrentStream.get();
        private final AtomicBoolean ended = new AtomicBoolean();

        Entries(StreamObserver<StreamAccessLogsResponse> answer) {
            this.answer = answer;
            open.add(this);
        }

        @Override
        public void onNext(WireMessage<AccessLogMessage> wire) {
            AccessLogMessage message = wire.message();
            if (message == null) {
                events.accept(new Event.Rejected(wire.problem()));
                return;
            }
            for (AccessLogMessage.Entry entry : message.getHttpLogs().getLogEntryList()) {
                AccessLogMessage.Common common = entry.getCommonProperties();
                forEachHeld(common.getMetadata(), held -> heard(held, common));
            }
        }

        private void heard(HeldReservation held, AccessLogMessage.Common common) {
            int type = common.getAccessLogType();
            Peer peer = stream == null ? null : stream.peer();
            if (type == AccessLogType.DownstreamPeriodic_VALUE || type == AccessLogType.DownstreamStart_VALUE) {
                if (peer != null) {
                    peer.lives(held, Limit.LEASE_MICROS);
                }
                decider.renew(held.domain(), held.reservation())
                        .thenAccept(known -> events.accept(new Event.Renewed(held.domain(), known)));
            } else if (type == AccessLogType.DownstreamEnd_VALUE) {
                if (peer != null) {
                    peer.ended(held.reservation());
                }
                if (common.getUpstreamRemoteAddress().isEmpty()) {
                    ends.unused(held.domain(), held.reservation());
                } else {
                    ends.vacate(held.domain(), held.reservation());
                }
            }
        }

        /** Forgets the stream: Envoy has left, and what is still under way there shows no more signs of life. */
        @Override
        public void onError(Throwable cancelled) {
            open.remove(this);
        }

        @Override
        public void onCompleted() {
            end();
        }

        /** Ends the stream once, whichever side comes first. */
        void end() {
            open.remove(this);
            if (ended.compareAndSet(false, true)) {
                answer.onNext(StreamAccessLogsResponse.getDefaultInstance());
                answer.onCompleted();
            }
        }
    }

    /** Passes on what the request holds, by its admissions' metadata: each filter that asked has a namespace of its own. */
    private static void forEachHeld(CheckRequest.Metadata metadata, Consumer<HeldReservation> held) {
        for (CheckRequest.Namespace namespace : metadata.getFilterMetadataList()) {
            String reservation = null;
            String domain = null;
            for (CheckRequest.Field field : namespace.getValue().getFieldsList()) {
                if (field.getKey().equals(RESERVATION)) {
                    reservation = WireText.of(field.getValue().getStringValue());
                } else if (field.getKey().equals(DOMAIN)) {
                    domain = WireText.of(field.getValue().getStringValue());
                }
            }
            if (reservation != null && domain != null) {
                held.accept(new HeldReservation(domain, reservation));
            }
        }
    }
}

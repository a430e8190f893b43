package dev.weir.envoy.slots;

import dev.weir.bucket.Buckets;
import dev.weir.decide.FreedSlots;
import dev.weir.decide.SlotFreeing;
import dev.weir.decide.Timer;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.wire.v1.FreeSlotsRequest;
import dev.weir.wire.v1.FreeSlotsResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Weir's own {@code weir.v1.Slots}, by which operators free the slots of parallel limits. */
public final class SlotsEndpoint {
    public static final MethodDescriptor<FreeSlotsRequest, FreeSlotsResponse> FREE =
            MethodDescriptor.<FreeSlotsRequest, FreeSlotsResponse>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("weir.v1.Slots/Free")
                    .setRequestMarshaller(ProtoUtils.marshaller(FreeSlotsRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(FreeSlotsResponse.getDefaultInstance()))
                    .build();

    private static final Logger LOG = LoggerFactory.getLogger(SlotsEndpoint.class);

    private final Supplier<Policy> policy;
    private final Buckets buckets;
    private final Timer timer;

    /** @param timer runs what is asked, so that a person's request neither waits for nor holds up a thread of Envoy's calls */
    public SlotsEndpoint(Supplier<Policy> policy, Buckets buckets, Timer timer) {
        this.policy = policy;
        this.buckets = buckets;
        this.timer = timer;
    }

    public ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("weir.v1.Slots")
                .addMethod(FREE, ServerCalls.asyncUnaryCall(this::free))
                .build();
    }

    private void free(FreeSlotsRequest request, StreamObserver<FreeSlotsResponse> answer) {
        Domain domain = policy.get().domain(request.getDomain());
        if (domain == null) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("the policy has no domain of this name; it has "
                            + String.join(", ", policy.get().domains().keySet()))
                    .asRuntimeException());
            return;
        }
        String limit = request.getLimit();
        if (!limit.isEmpty()
                && domain.limits().stream().noneMatch(known -> known.name().equals(limit))) {
            answer.onError(Status.NOT_FOUND
                    .withDescription("the domain has no limit of this name")
                    .asRuntimeException());
            return;
        }
        timer.after(Duration.ZERO, () -> free(domain, request, answer));
    }

    private void free(Domain domain, FreeSlotsRequest request, StreamObserver<FreeSlotsResponse> answer) {
        SlotFreeing.free(domain, attributes(request), request.getLimit(), buckets)
                .whenComplete((freed, failure) -> {
                    if (failure == null) {
                        freed.forEach(
                                each -> LOG.info("{} slots of {} were freed by hand", each.slots(), each.bucket()));
                        answer.onNext(response(freed));
                        answer.onCompleted();
                    } else {
                        answer.onError(Status.UNAVAILABLE
                                .withDescription("the store cannot be asked: " + failure.getMessage())
                                .asRuntimeException());
                    }
                });
    }

    private static Attributes attributes(FreeSlotsRequest request) {
        return Attributes.of(
                request.getAttributesList().stream()
                        .map(FreeSlotsRequest.Attribute::getName)
                        .toArray(String[]::new),
                request.getAttributesList().stream()
                        .map(FreeSlotsRequest.Attribute::getValue)
                        .toArray(String[]::new));
    }

    private static FreeSlotsResponse response(List<FreedSlots> freed) {
        FreeSlotsResponse.Builder response = FreeSlotsResponse.newBuilder();
        for (FreedSlots each : freed) {
            response.addFreed(FreeSlotsResponse.Freed.newBuilder()
                    .setLimit(each.limit())
                    .setBucket(each.bucket())
                    .setSlots(each.slots()));
        }
        return response.build();
    }
}

package dev.weir.server;

import dev.weir.envoy.listen.GrpcServer;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicySource;
import org.jspecify.annotations.Nullable;

/** Tells over gRPC and HTTP whether the service may be called. Thread-safe. */
final class Health {
    private final boolean needsDomain;
    private final PolicySource.@Nullable Sent sender;
    private @Nullable GrpcServer grpc;
    private volatile boolean ready;
    private boolean leaving;

    /** @param sender null where the policy is in files, and so is there from the start */
    Health(boolean needsDomain, PolicySource.@Nullable Sent sender) {
        this.needsDomain = needsDomain;
        this.sender = sender;
    }

    boolean isReady() {
        return ready;
    }

    /** Begins to tell it, by the policy that is in force. */
    synchronized void begin(GrpcServer listener, Policy policy) {
        grpc = listener;
        tell(policy);
    }

    /** Tells it anew for a policy that has come into force; changes nothing before {@link #begin} and after {@link #leave}. */
    synchronized void tell(Policy policy) {
        if (leaving || grpc == null) {
            return;
        }
        boolean empty = needsDomain && policy.domains().isEmpty();
        ready = !empty && (sender == null || sender.hasPolicy());
        if (ready) {
            grpc.serving();
        } else {
            grpc.notServing();
        }
    }

    /** Tells for good that others are to be called. */
    synchronized void leave() {
        leaving = true;
        ready = false;
        if (grpc != null) {
            grpc.leaving();
        }
    }
}

package dev.weir.server;

import dev.weir.decide.Decider;
import dev.weir.policy.Deployment;
import dev.weir.policy.Policy;
import dev.weir.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings changed policies into force, and reports it. */
final class PolicyInForce {
    private static final Logger LOG = LoggerFactory.getLogger(PolicyInForce.class);

    private final Deployment deployment;
    private final Decider decider;
    private final Telemetry telemetry;
    private final Extension.@Nullable Meters meters;
    private final Health health;

    /** @param first the policy that the service has started with */
    PolicyInForce(
            Policy first, Decider decider, Telemetry telemetry, Extension.@Nullable Meters meters, Health health) {
        this.deployment = first.deployment();
        this.decider = decider;
        this.telemetry = telemetry;
        this.meters = meters;
        this.health = health;
    }

    /** Reports the first one, which is in force already. */
    void begin(Policy first, boolean isAwaited) {
        if (first.isWritten()) {
            loaded(first);
        } else if (!isAwaited) {
            refused(1);
        }
        tellNotes(first);
    }

    void use(Policy changed) {
        telemetry.load(changed);
        decider.use(changed);
        loaded(changed);
        health.tell(changed);
        LOG.info("policy {} is in force", changed.version());
        tellNotes(changed);
        if (!changed.deployment().equals(deployment)) {
            LOG.warn(
                    "where its buckets are and how long refusals are kept has changed in the policy; that holds from the"
                            + " next start on");
        }
    }

    void refused(int problems) {
        telemetry.policyRefused(problems);
        if (meters != null) {
            meters.policyRefused();
        }
    }

    private void loaded(Policy policy) {
        telemetry.policyLoaded(policy.version());
        if (meters != null) {
            meters.policyLoaded();
        }
    }

    private static void tellNotes(Policy policy) {
        policy.domains().values().stream()
                .flatMap(domain -> domain.notes().stream())
                .forEach(note -> LOG.info("{}", note));
    }
}

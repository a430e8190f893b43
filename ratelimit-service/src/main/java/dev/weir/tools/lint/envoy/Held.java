package dev.weir.tools.lint.envoy;

import dev.weir.measure.Measure;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import org.jspecify.annotations.Nullable;

/**
 * The things that requests of a domain hold until their end is reported.
 *
 * @param tokens whether tokens are limited
 * @param estimated whether tokens are charged at admission, before anybody knows what is used
 * @param parallel whether requests take slots
 */
record Held(boolean tokens, boolean estimated, boolean parallel) {
    /** @param domain null where the policy lacks it */
    static Held by(@Nullable Domain domain) {
        boolean tokens = false;
        boolean estimated = false;
        boolean parallel = false;
        if (domain != null) {
            for (Limit limit : domain.limits()) {
                boolean counts = !limit.allow().unlimited();
                boolean ofTokens = counts && limit.allow().measure() == Measure.TOKENS;
                tokens |= ofTokens;
                estimated |= ofTokens && !limit.estimate().after();
                parallel |= counts && limit.allow().measure() == Measure.PARALLEL;
            }
        }
        return new Held(tokens, estimated, parallel);
    }

    boolean nothing() {
        return !tokens && !parallel;
    }
}

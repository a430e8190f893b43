package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a policy says about the service that runs it. It holds from the start of the service to its end.
 *
 * @param refusalDays how long files of refusals are kept; null where it does not say
 */
public record Deployment(StorePlace store, @Nullable Integer refusalDays) {
    /** Of a policy that leaves it to the command line. */
    public static final Deployment UNSAID = new Deployment(new StorePlace.Unsaid(), null);
}

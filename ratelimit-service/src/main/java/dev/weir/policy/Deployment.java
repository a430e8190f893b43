package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a policy for the service that runs it. They hold from the start of the service to its end.
 *
 * @param refusalDays how many days files of refusals are kept; null where the policy does not say
 */
public record Deployment(StorePlace store, @Nullable Integer refusalDays) {
    /** The settings of a policy that leaves them to the command line. */
    public static final Deployment UNSAID = new Deployment(new StorePlace.Unsaid(), null);
}

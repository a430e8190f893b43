package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * The words of a limit for those it refuses.
 *
 * @param comment the policy writer's own words about it, for callers and operators
 * @param message replaces the sentence that explains a refusal
 * @param body replaces the whole body
 * @param status the HTTP status, where Weir and not Envoy chooses it; 0 leaves it to the domain
 */
public record Wording(
        @Nullable String comment,
        @Nullable Template message,
        @Nullable Template body,
        int status) {
    public static final Wording NONE = new Wording(null, null, null, 0);
}

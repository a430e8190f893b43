package dev.weir.policy;

import org.jspecify.annotations.Nullable;

/**
 * What a limit says to those it refuses.
 *
 * @param comment the policy writer's own words about it, for callers and operators
 * @param message in place of the sentence that explains a refusal
 * @param body in place of the whole body
 * @param status of HTTP, where Weir and not Envoy chooses it; 0 leaves it to the domain
 */
public record Wording(
        @Nullable String comment,
        @Nullable Template message,
        @Nullable Template body,
        int status) {
    public static final Wording NONE = new Wording(null, null, null, 0);
}

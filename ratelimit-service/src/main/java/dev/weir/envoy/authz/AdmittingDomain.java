package dev.weir.envoy.authz;

import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.call.WireText;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.ReservedNames;
import dev.weir.wire.CheckRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the domain whose limits external authorization charges: the one that the route names in its {@code context_extensions} as
 * {@value ReservedNames#DOMAIN}, else the only one with {@code admit: true}. Nothing is charged where none has it, nor for a route that
 * says {@value ReservedNames#ADMIT} {@code false}.
 */
final class AdmittingDomain {
    private AdmittingDomain() {}

    /** @return its name, or null where nothing is to be charged */
    static @Nullable String of(Policy policy, List<CheckRequest.Pair> ofRoute) throws InvalidRequestException {
        String named = null;
        String admit = "true";
        for (CheckRequest.Pair pair : ofRoute) {
            String name = WireText.of(pair.getKey());
            if (name.equals(ReservedNames.DOMAIN)) {
                named = WireText.of(pair.getValue());
            } else if (name.equals(ReservedNames.ADMIT)) {
                admit = WireText.of(pair.getValue());
            } else if (name.startsWith(Attributes.RESERVED_PREFIX)) {
                throw new InvalidRequestException("context_extensions: unknown name `" + name
                        + "`; those that start with `" + Attributes.RESERVED_PREFIX + "` are `" + ReservedNames.DOMAIN
                        + "` and `"
                        + ReservedNames.ADMIT + "`");
            }
        }
        return switch (admit) {
            case "true" -> named == null ? only(policy) : admitting(policy, named);
            case "false" -> null;
            default ->
                throw new InvalidRequestException("context_extensions: `" + ReservedNames.ADMIT
                        + "` must be \"true\" or \"false\", found `" + admit + "`");
        };
    }

    private static String admitting(Policy policy, String name) throws InvalidRequestException {
        Domain domain = policy.domain(name);
        if (domain == null || !domain.settings().admit()) {
            throw new InvalidRequestException("context_extensions: `" + ReservedNames.DOMAIN + "` is `" + name
                    + "`, and the policy has " + (domain == null ? "no such domain" : "no `admit: true` in it"));
        }
        return name;
    }

    private static @Nullable String only(Policy policy) throws InvalidRequestException {
        String only = null;
        for (Domain domain : policy.domains().values()) {
            if (domain.settings().admit() && only != null) {
                throw new InvalidRequestException("several domains have `admit: true`, among them `" + only + "` and `"
                        + domain.name() + "`; say which one in the route's context_extensions, as `"
                        + ReservedNames.DOMAIN + "`");
            }
            only = domain.settings().admit() ? domain.name() : only;
        }
        return only;
    }
}

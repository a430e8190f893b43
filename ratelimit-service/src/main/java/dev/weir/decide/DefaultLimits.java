package dev.weir.decide;

import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Limits that bind only where no other limit of their tier and measure does. */
final class DefaultLimits {
    private DefaultLimits() {}

    /** Returns the limits that apply, without the defaults that others take the place of. */
    static List<Limit> binding(Domain domain, Attributes attributes) {
        List<Limit> matching = new ArrayList<>();
        domain.index().match(attributes, matching::add);
        return matching.stream()
                .filter(limit -> !limit.scope().isDefault() || displacing(limit, matching, attributes) == null)
                .toList();
    }

    /**
     * Returns the limit that takes the place of a default, or null. A limit that may not refuse this request displaces none that may.
     *
     * @param matching all limits that match the request
     */
    static @Nullable Limit displacing(Limit byDefault, List<Limit> matching, Attributes attributes) {
        for (Limit limit : matching) {
            if (!limit.scope().isDefault()
                    && limit.tier().equals(byDefault.tier())
                    && limit.allow().measure() == byDefault.allow().measure()
                    && limit.scope().mode().enforces(attributes)) {
                return limit;
            }
        }
        return null;
    }
}

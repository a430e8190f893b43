package dev.weir.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that is limited, by domain. */
public record Policy(Map<String, Domain> domains) {
    public Policy {
        domains = Map.copyOf(domains);
    }

    public @Nullable Domain domain(String name) {
        return domains.get(name);
    }
}

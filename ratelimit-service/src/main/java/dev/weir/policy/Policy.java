package dev.weir.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is limited, by domain.
 *
 * @param version twelve hex digits that follow from the text of its files: replicas that have the same files have the same version
 * @param others decides for domains that are not there; null where asking for one is a mistake
 * @param deployment what it says about the service beside what is limited
 */
public record Policy(
        String version,
        Map<String, Domain> domains,
        @Nullable Domain others,
        Deployment deployment) {
    /** The version of what stands in no file. */
    public static final String UNWRITTEN = "000000000000";

    public Policy {
        domains = Map.copyOf(domains);
    }

    /** Whether anybody wrote it; otherwise it stands in for one that is not there. */
    public boolean isWritten() {
        return !version.equals(UNWRITTEN);
    }

    /** One that stands in no file. */
    public Policy(Map<String, Domain> domains) {
        this(UNWRITTEN, domains, null, Deployment.UNSAID);
    }

    /** The domain of that name or, where none is named, the only one there is; null where that leaves it open. */
    public @Nullable Domain domainOrOnly(@Nullable String name) {
        if (name != null) {
            return domain(name);
        }
        return domains.size() == 1 ? domains.values().iterator().next() : null;
    }

    public @Nullable Domain domain(String name) {
        Domain known = domains.get(name);
        return known == null ? others : known;
    }
}

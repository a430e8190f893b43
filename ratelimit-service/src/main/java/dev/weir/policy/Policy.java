package dev.weir.policy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is limited, by domain.
 *
 * @param version twelve hex digits that follow from the text of its files: replicas that have the same files have the same version
 * @param others the domain that decides for those that are not there; null where asking for one is a mistake
 * @param deployment what it says about the service beside what is limited
 */
public record Policy(
        String version,
        Map<String, Domain> domains,
        @Nullable Domain others,
        Deployment deployment) {
    /** The version of a policy that stands in no file. */
    public static final String UNWRITTEN = "000000000000";

    public Policy {
        domains = Map.copyOf(domains);
    }

    /** Returns whether anybody wrote it; otherwise it stands in for one that is not there. */
    public boolean isWritten() {
        return !version.equals(UNWRITTEN);
    }

    /** Makes a policy that stands in no file. */
    public Policy(Map<String, Domain> domains) {
        this(UNWRITTEN, domains, null, Deployment.UNSAID);
    }

    /** Returns the domain of that name or, where none is named, the only one; null where there is none, or a choice of several. */
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

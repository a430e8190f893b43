package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.identity.Caller;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks whether a client could choose who it is (invariant: identity and address come from those who verified them). */
final class IdentityCheck {
    private static final Set<String> ADDRESSES = Set.of("remote_address", "masked_remote_address");

    /** The beginning of Weir's own headers: its ext_authz overwrites or removes what a client sends. */
    private static final String OWN_HEADERS = "x-weir-";

    private final Policy policy;
    private final Problems problems;

    IdentityCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                Domain domain = policy.domain(call.domain());
                if (domain != null) {
                    Set<String> read = domain.limits().stream()
                            .flatMap(limit -> Need.of(limit).stream())
                            .map(Need::attribute)
                            .collect(Collectors.toSet());
                    call.asking().stream()
                            .flatMap(entry -> entry.attributes().stream())
                            .filter(attribute -> read.contains(attribute.name()))
                            .forEach(attribute -> check(attribute, domain, chain));
                }
            }
        }
    }

    private void check(Attribute attribute, Domain domain, Chain chain) {
        if (ADDRESSES.contains(attribute.action())) {
            checkAddress(attribute, chain.manager());
        }
        String origin = Caller.ATTRIBUTES.contains(attribute.name()) ? origin(attribute, domain, chain) : null;
        if (origin != null) {
            problems.add(attribute
                    .fields()
                    .problem(
                            EnvoyRules.CLIENT_IDENTITY,
                            "`" + attribute.name() + "` comes from " + origin
                                    + ", which the client writes; take it from the" + " metadata `"
                                    + new MetadataKey(MetadataKey.EXT_AUTHZ, attribute.name()) + "`"));
        }
    }

    private void checkAddress(Attribute attribute, @Nullable EnvoyMessage manager) {
        if (manager != null
                && !manager.isTrue("use_remote_address")
                && manager.text("xff_num_trusted_hops", "0").equals("0")
                && !manager.has("original_ip_detection_extensions")) {
            problems.add(manager.problem(
                    "use_remote_address",
                    EnvoyRules.CLIENT_ADDRESS,
                    "a limit reads `" + attribute.name() + "`, and the client writes the header it comes from; set"
                            + " `use_remote_address: true`, and behind a load balancer `xff_num_trusted_hops`"));
        }
    }

    /** Returns the part of a request that the client writes and an attribute comes from; null where there is none. */
    private static @Nullable String origin(Attribute attribute, Domain domain, Chain chain) {
        if (attribute.action().equals("request_headers")) {
            String header = attribute.fields().text("header_name", "").toLowerCase(Locale.ROOT);
            boolean overwritten =
                    header.startsWith(OWN_HEADERS) && !chain.authorizations().isEmpty();
            boolean consented =
                    header.equalsIgnoreCase(domain.settings().headers().get(attribute.name()));
            // A header that begins with a colon decides where the request goes.
            return overwritten || consented || header.startsWith(":") ? null : "the header `" + header + "`";
        }
        if (attribute.action().equals("query_parameters")) {
            return "the query";
        }
        MetadataKey key = attribute.metadataKey();
        List<Write> writes = key == null ? List.of() : chain.metadata().of(key);
        return writes.stream().anyMatch(Write::isClients) ? "the metadata `" + key + "`" : null;
    }
}

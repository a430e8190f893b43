package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.policy.Condition;
import dev.weir.policy.DescriptorNode;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import dev.weir.policy.Glob;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks what descriptors take from a request as it came: credentials, and the path with its query. */
final class RequestSourceCheck {
    private static final Set<String> CREDENTIAL_HEADERS = Set.of(
            "authorization",
            "proxy-authorization",
            "cookie",
            "x-api-key",
            "api-key",
            "apikey",
            "x-goog-api-key",
            "x-auth-token",
            "x-amz-security-token");
    private static final Set<String> CREDENTIAL_PARAMETERS =
            Set.of("key", "api_key", "api-key", "apikey", "token", "access_token");

    private final Policy policy;
    private final Problems problems;

    RequestSourceCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                Domain domain = policy.domain(call.domain());
                for (Entry entry : call.asking()) {
                    entry.attributes().forEach(attribute -> check(attribute, domain));
                }
            }
        }
    }

    private void check(Attribute attribute, @Nullable Domain domain) {
        if (carriesCredential(attribute)) {
            problems.add(
                    attribute
                            .fields()
                            .problem(
                                    EnvoyRules.CREDENTIAL_SENT,
                                    "`" + attribute.name()
                                            + "` is a credential, which would stand in clear in Redis's keys and in refusal"
                                            + " records; let Weir verify it and send the `key` that it finds, or send a digest"));
        }
        if (domain != null && isPath(attribute)) {
            dodged(domain, attribute.name())
                    .ifPresent(value -> problems.add(attribute
                            .fields()
                            .problem(
                                    EnvoyRules.PATH_WITH_QUERY,
                                    "`" + attribute.name() + "` carries the query, so that `" + value
                                            + "?x` escapes what is" + " limited for `" + value + "`; write `" + value
                                            + "?*` beside it")));
        }
    }

    private static boolean carriesCredential(Attribute attribute) {
        return switch (attribute.action()) {
            case "request_headers" ->
                CREDENTIAL_HEADERS.contains(lower(attribute.fields().text("header_name", "")));
            case "query_parameters" ->
                CREDENTIAL_PARAMETERS.contains(lower(attribute.fields().text("query_parameter_name", "")));
            default -> {
                String value = lower(attribute.fields().text("descriptor_value", ""));
                yield CREDENTIAL_HEADERS.stream().anyMatch(header -> value.contains("%req(" + header + ")%"));
            }
        };
    }

    private static boolean isPath(Attribute attribute) {
        return attribute.action().equals("request_headers")
                ? attribute.fields().text("header_name", "").equals(":path")
                : lower(attribute.fields().text("descriptor_value", "")).equals("%req(:path)%");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** Returns a value that a limit asks for and that a query makes another one of. */
    private static Optional<String> dodged(Domain domain, String name) {
        Descriptors descriptors = domain.descriptors();
        return (descriptors == null ? ofLimits(domain, name) : ofNodes(descriptors, name))
                .sorted()
                .findFirst();
    }

    private static Stream<String> ofLimits(Domain domain, String name) {
        return domain.limits().stream()
                .map(Limit::when)
                .flatMap(conditions -> conditions.stream()
                        .filter(condition -> condition.attribute().equals(name) && !condition.negated())
                        .flatMap(RequestSourceCheck::dodged));
    }

    private static Stream<String> dodged(Condition condition) {
        Stream<String> globs = condition.globs().stream()
                .filter(glob -> !glob.parts().get(glob.parts().size() - 1).isEmpty())
                .map(Glob::toString);
        return Stream.concat(condition.values().stream(), globs).filter(value -> !condition.holds(value + "?x"));
    }

    private static Stream<String> ofNodes(Descriptors descriptors, String name) {
        return descriptors
                .tree()
                .nodes()
                .flatMap(parent -> parent.children().values().stream()
                        .filter(node -> node.key().equals(name)
                                && !node.value().isEmpty()
                                && !node.value().endsWith("*")
                                && takesNone(parent, name + "_" + node.value() + "?x"))
                        .map(DescriptorNode::value));
    }

    private static boolean takesNone(DescriptorNode parent, String keyAndValue) {
        return parent.wildcard(keyAndValue) == null;
    }
}

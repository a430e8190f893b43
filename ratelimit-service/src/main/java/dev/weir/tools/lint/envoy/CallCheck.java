package dev.weir.tools.lint.envoy;

import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.policy.Answers;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks how Envoy calls Weir: how long it waits, what it does without an answer, what it repeats. */
final class CallCheck {
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration SHORTEST_SETTLEMENT = Duration.ofSeconds(5);
    private static final Set<String> SAFE_RETRIES = Set.of("connect-failure", "refused-stream", "reset-before-request");

    static final String LIMIT_HEADER = "x-ratelimit-limit";

    private final Policy policy;
    private final Problems problems;

    CallCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            for (RateLimitFilter filter : chain.filters()) {
                checkTimeout(filter.block(), "20 ms");
                if (!filter.onlyReports()) {
                    checkFailure(filter.block());
                    if (!filter.entries().stream().allMatch(Entry::isReport)) {
                        checkRetry(filter.grpcService());
                    }
                }
                checkSettlement(filter);
                checkHeaders(filter);
                checkUpstreamsHeaders(filter, chain);
            }
            chain.authorizations().forEach(this::checkAuthorization);
            if (policy.domains().values().stream()
                    .anyMatch(domain -> domain.settings().admit())) {
                chain.authorizations().forEach(authorization -> checkRetry(authorization.block("grpc_service")));
            }
        }
    }

    /** @param otherwise how long Envoy waits where nothing is said */
    private void checkTimeout(EnvoyMessage block, String otherwise) {
        Duration timeout = block.duration("timeout");
        if (!block.has("timeout")) {
            add(
                    block,
                    "timeout",
                    "`timeout` is missing, and Envoy waits only " + otherwise + " for an answer; add `timeout: 1s`");
        } else if (timeout != null && !timeout.isZero() && timeout.compareTo(SHORTEST) < 0) {
            add(
                    block,
                    "timeout",
                    "a `timeout` of " + timeout.toMillis() + " ms is shorter than a pause of the JVM; set 1s");
        }
    }

    private void add(EnvoyMessage block, String field, String message) {
        problems.add(block.problem(field, EnvoyRules.SHORT_TIMEOUT, message));
    }

    private void checkFailure(EnvoyMessage filter) {
        if (!filter.has("failure_mode_deny") && !filter.has("failure_mode_deny_percent")) {
            problems.add(filter.problem(
                    EnvoyRules.FAILS_OPEN,
                    "`failure_mode_deny` is missing, so requests pass uncounted when Weir cannot be asked; set it to true, or to"
                            + " false if you mean it"));
        }
    }

    private void checkRetry(@Nullable EnvoyMessage grpcService) {
        EnvoyMessage policy = retryPolicy(grpcService);
        String on = policy == null ? "" : policy.text("retry_on", "");
        boolean risky = Stream.of(on.split(","))
                .map(String::strip)
                .anyMatch(reason -> !reason.isEmpty() && !SAFE_RETRIES.contains(reason));
        if (policy != null && risky) {
            problems.add(
                    policy.problem(
                            "retry_on",
                            EnvoyRules.ADMISSION_RETRY,
                            "an admission that is repeated may be counted twice; retry only on connect-failure,refused-stream"));
        }
    }

    private void checkSettlement(RateLimitFilter filter) {
        if (filter.entries().stream().noneMatch(Entry::onStreamDone)) {
            return;
        }
        if (!filter.onlyReports()) {
            problems.add(filter.block()
                    .problem(
                            EnvoyRules.SETTLEMENT_RETRY,
                            "this filter asks for room and reports what was used; put the items with `apply_on_stream_done` into a"
                                    + " second ratelimit filter, which can wait longer and retry"));
            return;
        }
        Duration timeout = filter.block().duration("timeout");
        boolean hurried = timeout != null && !timeout.isZero() && timeout.compareTo(SHORTEST_SETTLEMENT) < 0;
        EnvoyMessage retry = retryPolicy(filter.grpcService());
        if (hurried || retry == null) {
            problems.add(filter.block()
                    .problem(
                            hurried ? "timeout" : "rate_limit_service",
                            EnvoyRules.SETTLEMENT_RETRY,
                            "a settlement that Weir cannot take at once is lost; set "
                                    + (hurried ? "a `timeout` of 30s" : "a `retry_policy` in its `grpc_service`")));
        }
    }

    private static @Nullable EnvoyMessage retryPolicy(@Nullable EnvoyMessage grpcService) {
        if (grpcService == null) {
            return null;
        }
        EnvoyMessage policy = grpcService.block("retry_policy");
        return policy == null ? grpcService.block("envoy_grpc", "retry_policy") : policy;
    }

    private void checkHeaders(RateLimitFilter filter) {
        Domain domain = policy.domain(filter.domain());
        if (domain == null) {
            return;
        }
        String version = filter.block().text("enable_x_ratelimit_headers", "OFF");
        boolean envoyWrites = !version.equals("OFF") && !version.equals("0");
        Answers.Headers headers = domain.settings().answers().headers();
        if (domain.descriptors() != null) {
            // As envoyproxy/ratelimit: it leaves these headers to Envoy.
            return;
        }
        if (envoyWrites && headers == Answers.Headers.SERVICE) {
            problems.add(new Problem(
                    filter.block().place("enable_x_ratelimit_headers"),
                    EnvoyRules.DOUBLED_HEADERS,
                    "Weir writes the rate limit headers itself, and callers would see two of each; remove this line, or"
                            + " let the policy say `answers: {headers: envoy}`"));
        }
        if (!envoyWrites && headers == Answers.Headers.ENVOY && !filter.onlyReports()) {
            problems.add(new Problem(
                    filter.block().place("domain"),
                    EnvoyRules.MISSING_HEADERS,
                    "the policy leaves the rate limit headers to Envoy, which writes none; add"
                            + " `enable_x_ratelimit_headers: DRAFT_VERSION_03`"));
        }
    }

    /** Checks that a route removes the header; one is enough, because the others may lead where callers learn of no limits. */
    private void checkUpstreamsHeaders(RateLimitFilter filter, Chain chain) {
        Domain domain = policy.domain(filter.domain());
        if (domain != null
                && domain.descriptors() == null
                && domain.settings().answers().headers() == Answers.Headers.SERVICE
                && !filter.onlyReports()
                && !chain.routes().isEmpty()
                && !chain.removesLimitHeader()) {
            problems.add(
                    new Problem(
                            filter.block().place("domain"),
                            EnvoyRules.PROVIDERS_HEADERS,
                            "what the upstream sends as " + LIMIT_HEADER
                                    + " would stand beside Weir's; add `response_headers_to_remove: [" + LIMIT_HEADER
                                    + ", x-ratelimit-remaining, x-ratelimit-reset, ratelimit, ratelimit-policy]` to the virtual host"));
        }
    }

    private void checkAuthorization(EnvoyMessage authorization) {
        EnvoyMessage grpcService = authorization.block("grpc_service");
        if (grpcService != null) {
            checkTimeout(grpcService, "200 ms");
        }
        if (authorization.isTrue("failure_mode_allow")) {
            problems.add(authorization.problem(
                    "failure_mode_allow",
                    EnvoyRules.FAILS_OPEN,
                    "when Weir cannot be asked, strangers pass; set `failure_mode_allow: false`"));
        }
    }
}

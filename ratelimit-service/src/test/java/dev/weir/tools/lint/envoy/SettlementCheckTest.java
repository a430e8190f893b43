package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettlementCheckTest {
    private static final String RELEASE = "- generic_key: {descriptor_key: weir.event, descriptor_value: release}";
    private static final String RELEASE_ITEM = "- apply_on_stream_done: true  # release";
    private static final String SETTLE_LINE = "- apply_on_stream_done: true";
    private static final String RESERVATION = "{key: envoy.filters.http.ratelimit, path: [{key: reservation}]}";

    private static String policy(String limits) {
        return "domain: llm\nlimits: [{name: r, tier: ip, per: [remote_address], allow: 1 requests / 1s}, " + limits
                + "]\n";
    }

    private static final String TOKENS = "{name: t, tier: global, allow: 9 tokens / 1m, estimate: 1}";
    private static final String PARALLEL = "{name: p, tier: global, allow: 5 parallel}";
    private static final String ASKS_ONLY = Lint.filter("- actions: [{remote_address: {}}]\n");

    private static List<String> without(List<String> rules, String... others) {
        return rules.stream()
                .filter(rule -> List.of(others).stream().noneMatch(rule::startsWith))
                .toList();
    }

    @Test
    void tokensThatNobodySettlesStayAsEstimated() {
        assertEquals(
                List.of("no-settlement | domain: llm"),
                without(Lint.in(policy(TOKENS), ASKS_ONLY), "no-max-tokens", "no-prompt-bytes"));
        assertEquals(
                List.of("no-settlement | domain: llm"),
                Lint.in(policy(TOKENS.replace("estimate: 1", "charge: after")), ASKS_ONLY));
    }

    @Test
    void slotsThatNobodyReleasesAreTakenForAnHour() {
        assertEquals(List.of("no-release | domain: llm"), Lint.in(policy(PARALLEL), ASKS_ONLY));
    }

    @Test
    void whereNothingIsHeldNothingNeedsReleasing() {
        assertEquals(List.of(), Lint.in(policy("{name: u, tier: global, allow: unlimited tokens}"), ASKS_ONLY));
    }

    @Test
    void aSettlementNeedsAReleaseBesideIt() {
        assertEquals(
                List.of("no-release | domain: llm"),
                without(
                        Lint.after("descriptor_value: release", "descriptor_value: settle"),
                        "no-usage",
                        "no-response-code"));
    }

    @Test
    void aReleaseAloneIsEnoughForSlots() {
        assertEquals(List.of(), Lint.in(policy(PARALLEL), Lint.filter("""
                        - actions: [{remote_address: {}}]
                        ---
                        "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                        domain: llm
                        timeout: 30s
                        rate_limit_service: {grpc_service: {retry_policy: {retry_on: reset}}}
                        rate_limits:
                        - apply_on_stream_done: true
                          actions:
                          - metadata: {descriptor_key: weir.reservation, metadata_key: %s}
                          - generic_key: {descriptor_key: weir.event, descriptor_value: release}
                        """.formatted(RESERVATION))));
    }

    @Test
    void aReportThatComesTooEarlyIsAnError() {
        assertEquals(
                List.of("no-release | domain: llm", "report-incomplete | - actions:"),
                without(
                        Lint.after(
                                "              " + RELEASE_ITEM + "\n                actions:",
                                "              - actions:"),
                        "settlement-retry",
                        "fails-open",
                        "admission-retry"));
    }

    @Test
    void aReportWithoutAKnownEventIsAnError() {
        assertEquals(
                List.of("report-incomplete | " + RELEASE_ITEM),
                without(
                        Lint.after(RELEASE, "- generic_key: {descriptor_key: weir.evnt, descriptor_value: release}"),
                        "no-release"));
        assertEquals(
                List.of("unknown `weir.event` `relaese`; did you mean `release`? Known here: settle, release"),
                Lint.problems(Lint.POLICY, Lint.changed("descriptor_value: release", "descriptor_value: relaese"))
                        .stream()
                        .filter(problem -> problem.rule().equals(EnvoyRules.REPORT_INCOMPLETE))
                        .map(Problem::message)
                        .toList());
    }

    @Test
    void aReportWithoutReservationIsAnError() {
        assertEquals(
                List.of("report-incomplete | " + SETTLE_LINE, "report-incomplete | " + RELEASE_ITEM),
                without(Lint.after("descriptor_key: weir.reservation", "descriptor_key: reservation"), "no-"));
    }

    @Test
    void aReservationIsReadFromTheAnswer() {
        String line = "descriptor_key: weir.reservation";

        assertEquals(
                List.of("reservation-source | " + line, "reservation-source | " + line),
                Lint.after(RESERVATION, "{key: envoy.filters.http.ratelimit, path: [{key: id}]}"));
        assertEquals(
                List.of(),
                Lint.after(
                        "{key: envoy.filters.http.ratelimit,",
                        "{key: my.answers,",
                        "failure_mode_deny: true",
                        "failure_mode_deny: true\n              metadata_namespace: my.answers"));
    }

    @Test
    void aReservationIsReadFromTheAnswerOfWhoeverAdmits() {
        String ofAuthorization = RESERVATION.replace("ratelimit", "ext_authz");
        List<Problem> found = Lint.problems(Lint.POLICY, Lint.changed(RESERVATION, ofAuthorization));
        assertEquals(
                List.of("reservation-source", "reservation-source"),
                found.stream().map(problem -> problem.rule().name()).toList());
        assertTrue(found.get(0).message().contains("`envoy.filters.http.ratelimit:reservation`"), found::toString);

        List<Problem> admitting =
                Lint.problems(Lint.POLICY.replace("limits:", "admit: true\nlimits:"), Lint.ENVOY).stream()
                        .filter(problem -> problem.rule().equals(EnvoyRules.RESERVATION_SOURCE))
                        .toList();
        assertEquals(2, admitting.size());
        assertTrue(
                admitting.get(0).message().contains("`envoy.filters.http.ext_authz:reservation`"), admitting::toString);
    }

    @Test
    void aReservationThatIsMissingMakesNoCall() {
        String line = "descriptor_key: weir.reservation";

        assertEquals(
                List.of("reservation-source | " + line, "reservation-source | " + line),
                Lint.after(line, line + "\n                    skip_if_absent: true"));
        assertEquals(
                List.of("reservation-source | " + line, "reservation-source | " + line),
                Lint.after(line, line + "\n                    default_value: none"));
    }

    @Test
    void aRefusalOfTheProviderCostsNothing() {
        assertEquals(
                List.of("no-response-code | " + SETTLE_LINE),
                Lint.after("descriptor_key: weir.response_code", "descriptor_key: weir.code"));
    }

    @Test
    void aMeasureThatWeirDoesNotKnowTellsNothing() {
        String code = "- generic_key: {descriptor_key: weir.response_code, descriptor_value: \"%RESPONSE_CODE%\"}";
        String measure = "- generic_key: {descriptor_key: weir.measure, descriptor_value: %s}";

        assertEquals(
                List.of("unknown-measure | " + measure.formatted("token")),
                Lint.after(code, code + "\n                " + measure.formatted("token")));
        assertEquals(List.of(), Lint.after(code, code + "\n                " + measure.formatted("prompt_tokens")));
    }

    @Test
    void whatAuthorizationAdmitsIsReportedThoughNoFilterNamesTheDomain() {
        String admitting = "domain: llm\nadmit: true\nlimits: [{name: a, tier: user, per: [user], allow: %s}]\n";
        String alone = Lint.authorization("weir", "metadata_context_namespaces: [llm]\n");
        String place = " | \"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz";
        String routed = """
                ---
                "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimitPerRoute
                domain: llm
                """;

        assertEquals(
                List.of("no-settlement" + place), Lint.in(admitting.formatted("9 tokens / 1m, charge: after"), alone));
        assertEquals(List.of("no-release" + place), Lint.in(admitting.formatted("9 parallel"), alone));
        assertEquals(List.of(), Lint.in(admitting.formatted("9 requests / 1m"), alone));
        assertEquals(List.of(), Lint.in(admitting.formatted("9 parallel"), alone + routed));
    }

    @Test
    void eachConnectionManagerNeedsThePieces() {
        String second = """
                ---
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                use_remote_address: true
                http_filters:
                - typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
                    domain: llm
                    timeout: 1s
                    failure_mode_deny: true
                    rate_limits: [{actions: [{remote_address: {}}]}]
                """;

        assertEquals(
                List.of("no-settlement | domain: llm", "no-release | domain: llm"),
                without(Lint.in(Lint.POLICY, Lint.ENVOY + second), "no-max-tokens", "no-prompt-bytes"));
    }
}

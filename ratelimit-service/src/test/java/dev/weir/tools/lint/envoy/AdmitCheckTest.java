package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class AdmitCheckTest {
    private static final String TOKENS =
            "domain: llm\nadmit: true\nlimits: [{name: t, tier: user, per: [user], allow: 9 tokens / 1m, charge: after}]\n";
    private static final String REQUESTS =
            "domain: llm\nadmit: true\nlimits: [{name: r, tier: user, per: [user], allow: 9 requests / 1m}]\n";

    @Test
    void aFilterThatAsksForADomainThatIsAdmittedChargesItTwice() {
        assertEquals(List.of("charged-twice"), rules(REQUESTS, Lint.filter("- actions: [{remote_address: {}}]\n")));
    }

    @Test
    void aFilterThatOnlyReportsTheEndChargesNothing() {
        assertEquals(List.of(), rules(REQUESTS, Lint.filter("""
                - apply_on_stream_done: true
                  actions:
                  - metadata: {descriptor_key: weir.reservation, metadata_key: {key: envoy.filters.http.ext_authz, path: [{key: reservation}]}}
                  - generic_key: {descriptor_key: weir.event, descriptor_value: release}
                """)));
    }

    @Test
    void whoLimitsTokensMustSeeTheBody() {
        assertEquals(List.of("unseen-body"), rules(TOKENS, authorization("")));
        assertEquals(List.of("unseen-body"), rules(TOKENS, authorization("metadata_context_namespaces: [other]\n")));
        assertEquals(List.of(), rules(TOKENS, authorization("metadata_context_namespaces: [other, llm]\n")));
        assertEquals(List.of(), rules(REQUESTS, authorization("")));
    }

    @Test
    void othersWhoAuthorizeNeedNotSeeIt() {
        String readsWhatBothWrite = """
                - apply_on_stream_done: true
                  actions: [{metadata: {descriptor_key: user, metadata_key: {key: envoy.filters.http.ext_authz, path: [{key: user}]}}}]
                """;
        String opa = Lint.authorization("opa", "");

        assertEquals(List.of(), rules(TOKENS, authorization("metadata_context_namespaces: [llm]\n") + opa));
        assertEquals(
                List.of(),
                rules(
                        TOKENS,
                        Lint.filter(readsWhatBothWrite)
                                + Lint.RATE_LIMIT_SERVICE
                                + Lint.authorization("weir", "metadata_context_namespaces: [llm]\n")
                                + opa));
    }

    private static String authorization(String more) {
        return Lint.filter(" []\n") + Lint.RATE_LIMIT_SERVICE + Lint.authorization("weir", more);
    }

    private static List<String> rules(String policy, String envoy) {
        List<String> admission = List.of(EnvoyRules.CHARGED_TWICE.name(), EnvoyRules.UNSEEN_BODY.name());
        return Lint.in(policy, envoy).stream()
                .map(found -> found.substring(0, found.indexOf(' ')))
                .filter(admission::contains)
                .toList();
    }
}

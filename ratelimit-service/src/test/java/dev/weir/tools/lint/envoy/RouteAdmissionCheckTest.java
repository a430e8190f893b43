package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteAdmissionCheckTest {
    private static final String LIMITS = "limits: [{name: a, tier: user, per: [user], allow: 9 requests / 1m}]\n";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "weir.domain: lmm|unknown domain `lmm`; did you mean `llm`? Known here: llm",
                "weir.admit: \"no\"|`weir.admit` must be \"true\" or \"false\", found `no`",
                "weir.admit: TRUE|`weir.admit` must be \"true\" or \"false\", found `TRUE`",
                "weir.domian: llm|unknown name `weir.domian`; did you mean `weir.domain`? Known here: weir.domain, weir.admit"
            })
    void whatWeirCannotFollowIsAnError(String line, String message) {
        assertEquals(List.of("route-admission | " + line), Lint.in("domain: llm\nadmit: true\n" + LIMITS, route(line)));
        assertEquals(List.of(message), Lint.messages("domain: llm\nadmit: true\n" + LIMITS, route(line)));
    }

    @Test
    void aDomainThatDoesNotAdmitIsNoneToAdmitBy() {
        String line = "weir.domain: llm";
        String filter = Lint.filter("- actions: [{metadata: {descriptor_key: user, metadata_key: {key:"
                + " envoy.filters.http.ext_authz, path: [{key: user}]}}}]\n");

        assertEquals(
                List.of("domain `llm` has no `admit: true` in the policy; add it, or remove this line"),
                Lint.messages("domain: llm\n" + LIMITS, filter + "---\n" + route(line)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "weir.domain: llm",
                "weir.admit: \"true\"",
                "weir.admit: \"false\"",
                "other.domain: lmm",
                "{weir.admit: \"false\", weir.domain: lmm}"
            })
    void whatWeirFollowsIsNone(String line) {
        assertEquals(List.of(), Lint.in("domain: llm\nadmit: true\n" + LIMITS, route(line)));
    }

    private static String route(String line) {
        return """
                "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute
                check_settings:
                  context_extensions:
                    %s
                """.formatted(line) + Lint.authorization("weir", "");
    }
}

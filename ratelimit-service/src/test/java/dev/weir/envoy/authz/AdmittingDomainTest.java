package dev.weir.envoy.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Checks;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which domain external authorization charges. */
class AdmittingDomainTest {
    private static final Policy NONE = policy("first false", "second false");
    private static final Policy ONE = policy("first false", "second true");
    private static final Policy TWO = policy("first true", "second true");

    @Test
    void theOnlyOneThatAdmitsIsChargedWhereTheRouteNamesNone() throws InvalidRequestException {
        assertEquals("second", of(ONE));
        assertEquals("second", of(ONE, "plan", "gold"));
        assertEquals("second", of(ONE, "weir.admit", "true"));
    }

    @Test
    void nothingIsChargedWhereNoneAdmitsOrTheRouteOptsOut() throws InvalidRequestException {
        assertNull(of(NONE));
        assertNull(of(ONE, "weir.admit", "false"));
        assertNull(of(TWO, "weir.admit", "false"));
    }

    @Test
    void theRouteChooses() throws InvalidRequestException {
        assertEquals("first", of(TWO, "weir.domain", "first"));
        assertEquals("second", of(TWO, "weir.domain", "second"));
    }

    @Test
    void aDomainThatDoesNotAdmitOrIsNotThereIsAProblemAndNoFreePass() {
        assertEquals(
                "context_extensions: `weir.domain` is `first`, and the policy has no `admit: true` in it",
                problem(ONE, "weir.domain", "first"));
        assertEquals(
                "context_extensions: `weir.domain` is `third`, and the policy has no such domain",
                problem(NONE, "weir.domain", "third"));
    }

    @Test
    void severalNeedARouteThatChooses() {
        String problem = problem(TWO);

        assertTrue(problem.startsWith("several domains have `admit: true`, among them `"), problem);
        assertTrue(problem.contains("`first`") && problem.contains("`second`"), problem);
        assertTrue(problem.endsWith("in the route's context_extensions, as `weir.domain`"), problem);
    }

    @Test
    void whatIsMisspeltIsAProblem() {
        assertEquals(
                "context_extensions: `weir.admit` must be \"true\" or \"false\", found `no`",
                problem(ONE, "weir.admit", "no"));
        assertEquals(
                "context_extensions: unknown name `weir.domian`; those that start with `weir.` are `weir.domain` and"
                        + " `weir.admit`",
                problem(ONE, "weir.domian", "first"));
    }

    private static String problem(Policy policy, String... route) {
        return assertThrows(InvalidRequestException.class, () -> of(policy, route))
                .getMessage();
    }

    private static String of(Policy policy, String... route) throws InvalidRequestException {
        Checks check = Checks.post("/");
        for (int i = 0; i < route.length; i += 2) {
            check.route(route[i], route[i + 1]);
        }
        return AdmittingDomain.of(policy, check.read().getAttributes().getContextExtensionsList());
    }

    private static Policy policy(String... domainsAndWhetherTheyAdmit) {
        return new Policy(Arrays.stream(domainsAndWhetherTheyAdmit)
                .map(domain -> Policies.domain("""
                        domain: %s
                        admit: %s
                        limits:
                          - {name: all, tier: global, per: [], allow: 1 requests / 1m}
                        """.formatted((Object[]) domain.split(" "))))
                .collect(Collectors.toMap(Domain::name, Function.identity())));
    }
}

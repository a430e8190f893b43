package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R2.9, R5.8: each rule finds what breaks it, and not what nearly does. */
class PolicyLintTest {
    private static final String MINUTE = "  - {name: minute, tier: user, per: [user], allow: 20 requests / 1m}";

    @Test
    void aLongWindowThatNothingSpreadsIsTold() {
        assertEquals(
                List.of(
                        "3:5: warning no-short-window: limit `day` allows 900 requests / 1d and nothing spreads it; add a"
                                + " limit with a window of at most 5m"),
                Found.in("  - {name: day, tier: user, per: [user], allow: 900 requests / 1d}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: short, tier: user, per: [user], allow: 9 requests / 5m}",
                "{name: short, tier: global, allow: 9 requests / 1s}",
                "{name: short, tier: user, per: [user], when: {model: a}, allow: 9 requests / 1m}",
                "{name: short, tier: user, per: [user], allow: 900 requests / 1h, algorithm: token_bucket, burst: 9}"
            })
    void aShortWindowOrASmallBurstSpreadsIt(String other) {
        assertEquals(
                List.of(),
                Found.in("  - {name: day, tier: user, per: [user], allow: 900 requests / 1d}", "  - " + other));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{name: short, tier: user, per: [user], allow: 9 requests / 10m}",
                "{name: short, tier: user, per: [user], allow: 9 tokens / 1m, estimate: 1}",
                "{name: short, tier: team, per: [team], allow: 9 requests / 1m}",
                "{name: short, tier: user, per: [user], allow: 9 requests / 1m, mode: shadow}",
                "{name: short, tier: user, per: [user], when: {model: b}, allow: 9 requests / 1m}"
            })
    void whatDoesNotHoldTheSameSpikesDownDoesNotSpreadIt(String other) {
        List<String> found = Found.in(
                "  - {name: day, tier: user, per: [user], when: {model: a}, allow: 900 requests / 1d}", "  - " + other);

        assertTrue(found.get(0).startsWith("3:5: warning no-short-window: limit `day` "), found.toString());
    }

    @Test
    void aBucketThatProductionSharesIsTold() {
        String prod = "  - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 9 requests / 1m}";

        assertEquals(
                List.of("4:5: warning prod-shares: limit `team` counts production and other environments in one bucket;"
                        + " add `environment` to `per` or narrow `when`"),
                Found.in(prod, "  - {name: team, tier: team, per: [team], allow: 90 requests / 1m}"));
        assertEquals(
                List.of(),
                Found.in(
                        prod,
                        "  - {name: team, tier: team, per: [team, environment], allow: 60 requests / 1m}",
                        "  - {name: key, tier: key, per: [key], allow: 60 requests / 1m}",
                        "  - {name: all, tier: global, allow: 99 requests / 1m}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20 requests / 1m", "21 requests / 1m", "unlimited requests"})
    void developmentThatMayAsMuchAsProductionIsTold(String dev) {
        assertEquals(
                List.of("4:5: warning dev-above-prod: limit `dev` allows " + dev
                        + ", and `prod`, which is for production, 20 requests / 1m; lower it"),
                Found.in(
                        "  - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 20 requests / 1m}",
                        "  - {name: dev, tier: user, per: [user], when: {environment: [dev, test]}, allow: " + dev
                                + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tier: user, per: [user], when: {environment: dev}, allow: 19 requests / 1m",
                "tier: user, per: [user], when: {environment: [dev, prod]}, allow: 30 requests / 1m",
                "tier: user, per: [user], when: {environment: dev, model: a}, allow: 30 requests / 1m",
                "tier: user, per: [user], when: {environment: dev}, allow: 30 requests / 5m",
                "tier: team, per: [user], when: {environment: dev}, allow: 30 requests / 1m"
            })
    void whatIsLessOrElseIsNotAboveProduction(String dev) {
        assertEquals(
                List.of(),
                Found.in(
                        "  - {name: prod, tier: user, per: [user], when: {environment: prod}, allow: 20 requests / 1m}",
                        "  - {name: dev, " + dev + "}"));
    }

    @Test
    void promisesThatLeaveNothingToSpareAreTold() {
        String chat = "  - {name: chat, tier: user, when: {service: chat}, allow: 40 requests / 1m}";
        String all = "  - {name: all, tier: global, allow: 70 requests / 1m}";

        assertEquals(
                List.of("5:5: warning no-headroom: limit `all` allows 70 requests / 1m, of which 64 are promised by"
                        + " `service` (chat, code); leave at least 10 % to nobody"),
                Found.in(chat, "  - {name: code, tier: user, when: {service: code}, allow: 24 requests / 1m}", all));
        assertEquals(
                List.of(),
                Found.in(chat, "  - {name: code, tier: user, when: {service: code}, allow: 23 requests / 1m}", all));
        assertEquals(
                List.of(),
                Found.in(chat, "  - {name: code, tier: user, when: {service: chat}, allow: 39 requests / 1m}", all)
                        .stream()
                        .filter(problem -> problem.contains("no-headroom"))
                        .toList());
    }

    @Test
    void aShareOfWhatARequestNeedNotHaveIsTold() {
        assertEquals(
                List.of("3:5: warning share-without-attribute: limit `a` never refuses a request without `team`; add it"
                        + " to `per` or `when`"),
                Found.in(
                        "  - {name: a, tier: user, per: [user], allow: 9 requests / 1m, mode: {enforce: 5%, of: team}}"));
        assertEquals(
                List.of(),
                Found.in(
                        "  - {name: a, tier: user, per: [user], when: {team: '*'}, allow: 9 requests / 1m,"
                                + " mode: {enforce: 5%, of: team}}",
                        "  - {name: b, tier: team, per: [team], allow: 9 requests / 1m, mode: {enforce: 5%, of: team}}"));
    }

    @Test
    void aBucketThatClientsChooseIsTold() {
        assertEquals(
                List.of("3:5: warning client-chosen: limit `a` has a bucket for each `max_tokens`, which any client may"
                        + " change; remove it from `per`"),
                Found.in("  - {name: a, tier: user, per: [user, max_tokens], allow: 9 requests / 1m}"));
        assertEquals(
                List.of(),
                Found.in("  - {name: a, tier: user, per: [user], when: {max_tokens: '9*'}, allow: 9 requests / 1m}"));
    }

    @Test
    void aDomainThatRefusesNobodyIsInformation() {
        String shadow = "  - {name: a, tier: user, per: [user], allow: 9 requests / 1m, mode: shadow}";

        assertEquals(
                List.of("1:1: info only-shadow: domain `llm` refuses nobody: all of its limits are in shadow mode"),
                Found.in(shadow));
        assertEquals(List.of(), Found.in(shadow, "  - {name: b, tier: team, per: [team], allow: 9 requests / 1m}"));
    }

    @Test
    void whatIsFoundStandsInOrderOfPlace() {
        assertEquals(
                List.of("1:1: info only-shadow", "3:5: warning client-chosen", "4:5: warning no-short-window"),
                Found.in(
                                "  - {name: a, tier: team, per: [request_id], allow: 9 requests / 1m, mode: shadow}",
                                "  - {name: b, tier: ip, per: [ip], allow: 900 requests / 1d, mode: shadow}")
                        .stream()
                        .map(problem -> problem.replaceFirst("(.*? \\S+ \\S+):.*", "$1"))
                        .toList());
    }

    @Test
    void aLimitOrItsDomainIgnoresARuleWithAReason() {
        assertEquals(
                List.of(),
                Found.in("  - {name: day, tier: user, per: [user], allow: 900 requests / 1d,"
                        + " ignore: {no-short-window: the provider spreads it}}"));
        assertEquals(List.of(), Found.inFile("""
                        domain: llm
                        ignore: {no-short-window: the provider spreads it}
                        limits:
                          - {name: day, tier: user, per: [user], allow: 900 requests / 1d}
                        """));
    }

    @Test
    void anotherLimitsReasonDoesNotHelp() {
        assertEquals(
                List.of("3:5: warning no-short-window", "4:5: warning unused-ignore"),
                Found.in(
                                "  - {name: day, tier: user, per: [user], allow: 900 requests / 1d}",
                                "  - {name: b, tier: team, per: [team], allow: 9 requests / 1m,"
                                        + " ignore: {no-short-window: it is another}}")
                        .stream()
                        .map(problem -> problem.replaceFirst("(.*? \\S+ \\S+):.*", "$1"))
                        .toList());
    }

    @Test
    void aRuleThatThereIsNotCannotBeIgnored() {
        List<String> found = Found.in(ignoring("no-shrt-window"));

        assertEquals(1, found.size(), found.toString());
        assertTrue(
                found.get(0)
                        .startsWith("3:5: warning unknown-rule: `ignore`: unknown rule `no-shrt-window`; did you mean"
                                + " `no-short-window`? Known here: "),
                found.toString());
    }

    @Test
    void whatIsIgnoredInVainIsTold() {
        assertEquals(
                List.of(
                        "3:5: warning unused-ignore: `ignore`: the rule `no-short-window` finds nothing here; remove it"),
                Found.in(ignoring("no-short-window")));
        assertEquals(
                List.of("1:1: warning unused-ignore: `ignore`: the rule `only-shadow` finds nothing here; remove it"),
                Found.inFile("domain: llm\nignore: {only-shadow: tried}\nlimits:\n" + MINUTE + "\n"));
        assertEquals(
                List.of("3:5: warning unused-ignore: `ignore`: `tier` is an error, which cannot be ignored; remove it"),
                Found.in(ignoring("tier")));
    }

    @Test
    void aRuleAboutEnvoyIsIgnoredByDomainsWhetherItFindsSomethingOrNot() {
        assertEquals(
                List.of(), Found.inFile("domain: llm\nignore: {short-timeout: measured}\nlimits:\n" + MINUTE + "\n"));
        assertEquals(
                List.of(
                        "3:5: warning unused-ignore: `ignore`: `short-timeout` is about Envoy's configuration, not about a"
                                + " limit; move it to the domain's `ignore`"),
                Found.in(ignoring("short-timeout")));
    }

    @Test
    void whatIsSaidOfIgnoringMayBeIgnoredToo() {
        assertEquals(
                List.of(),
                Found.inFile("domain: llm\nignore: {rule-of-a-later-version: why, unknown-rule: we run two versions}\n"
                        + "limits:\n" + MINUTE + "\n"));
    }

    private static String ignoring(String rule) {
        return MINUTE.replace("}", ", ignore: {" + rule + ": a reason}}");
    }
}

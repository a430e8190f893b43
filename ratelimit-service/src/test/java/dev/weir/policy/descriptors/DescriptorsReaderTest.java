package dev.weir.policy.descriptors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.read.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file in the dialect of envoyproxy/ratelimit is told beyond what the reference tells it. */
class DescriptorsReaderTest {
    @TempDir
    private Path folder;

    @Test
    void limitsAreNamedByTheirPath() {
        Domain domain = Policies.domain("""
                domain: shop
                descriptors:
                  - key: user
                    rate_limit: {unit: minute, requests_per_unit: 3}
                    descriptors:
                      - key: path
                        value: /api/*
                        rate_limit: {unit: MONTH, requests_per_unit: 2}
                """);
        assertEquals(
                List.of("user: 3 requests / 1m", "user.path_/api/*: 2 requests / 30d"),
                domain.limits().stream()
                        .map(limit -> limit.name() + ": " + limit.allows())
                        .toList());
        assertEquals(List.of("user", "path"), domain.limits().get(1).per());
        assertEquals(4, place(domain.limits().get(0)));
    }

    private static int place(Limit limit) {
        return limit.source().place().line();
    }

    @Test
    void aMisspeltKeyIsAnErrorWithItsPlaceAndAMisplacedOneAWarning() {
        assertEquals(
                List.of("4:5: error unknown-key: unknown key `rate_limits`; did you mean `rate_limit`?"),
                problems("""
                        domain: shop
                        descriptors:
                          - key: user
                            rate_limits: {unit: minute, requests_per_unit: 3}
                        """));
        assertEquals(List.of("4:67: warning misplaced-key: `shadow_mode` has no effect here"), notes("""
                        domain: shop
                        descriptors:
                          - key: user
                            rate_limit: {unit: minute, requests_per_unit: 3, shadow_mode: true}
                        """));
    }

    @Test
    void aKeyThatIsForWeirItselfIsToldOf() {
        assertEquals(
                List.of(
                        "3:10: warning reserved-entry: `weir.request_id` is never matched: entries that start with `weir.` are for"
                                + " Weir itself; choose another key"),
                notes("""
                        domain: shop
                        descriptors:
                          - key: weir.request_id
                            rate_limit: {unit: minute, requests_per_unit: 3}
                        """));
    }

    @Test
    void aWildcardThatAnEarlierOneHidesIsToldOf() {
        assertEquals(List.of("5:12: warning hidden-wildcard: `path_/api/v1*` is never reached"), notes("""
                        domain: shop
                        descriptors:
                          - {key: path, value: /*, rate_limit: {unit: minute, requests_per_unit: 3}}
                          - key: path
                            value: /api/v1*
                            rate_limit: {unit: minute, requests_per_unit: 3}
                        """));
        assertEquals(List.of(), notes("""
                domain: shop
                descriptors:
                  - {key: path, value: /api/v1*, rate_limit: {unit: minute, requests_per_unit: 3}}
                  - {key: path, value: /*, rate_limit: {unit: minute, requests_per_unit: 3}}
                """));
    }

    @Test
    void aNameThatNobodyHasReplacesNothing() {
        assertEquals(List.of("6:17: warning nothing-replaced: no limit of the domain has the name `base`"), notes("""
                        domain: shop
                        descriptors:
                          - key: user
                            rate_limit:
                              unit: minute
                              replaces: [{name: base}]
                        """));
    }

    @Test
    void quotasAndAllOrNothingExcludeEachOther() {
        assertEquals(List.of("6:17: error descriptor: `quota_mode` counts where others refuse"), problems("""
                        domain: shop
                        all_or_nothing: true
                        descriptors:
                          - key: user
                            quota_mode: true
                            rate_limit: {unit: minute, requests_per_unit: 3}
                        """));
    }

    @Test
    void aDomainIsWrittenInOneDialect() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), "domain: shop\ndescriptors: [{key: user}]\n");
        Files.writeString(
                folder.resolve("b.yaml"),
                "domain: shop\nlimits: [{name: a, tier: user, per: [user], allow: 3 requests / 1m}]\n");
        ConfigException refused = assertThrows(ConfigException.class, () -> PolicyReader.read(folder));
        assertEquals(
                "1:1: error domain: the domain `shop` has `descriptors` in " + folder.resolve("a.yaml")
                        + "; write all of it in one dialect",
                shown(refused.problems().get(0)));
    }

    private List<String> problems(String yaml) {
        ConfigException refused = assertThrows(ConfigException.class, () -> PolicyReader.read(file(yaml)));
        return refused.problems().stream().map(DescriptorsReaderTest::first).toList();
    }

    private List<String> notes(String yaml) {
        return Policies.domain(yaml).notes().stream()
                .map(DescriptorsReaderTest::first)
                .toList();
    }

    private Path file(String yaml) {
        try {
            return Files.writeString(folder.resolve("policy.yaml"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Up to where it says what to do. */
    private static String first(Problem problem) {
        String shown = shown(problem);
        for (String end : List.of("; known here", " Known here", ": `path_/*`", ", so nothing", ", which `all")) {
            shown = shown.contains(end) ? shown.substring(0, shown.indexOf(end)) : shown;
        }
        return shown;
    }

    private static String shown(Problem problem) {
        return problem.toString().substring(problem.place().file().length() + 1);
    }
}

package dev.weir.tools.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.tools.diff.PolicyDiff;
import dev.weir.tools.diff.TimedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every comment on a difference is true: some requests are decided differently. What has none of them decides alike. */
class MigrationTest {
    private static final String LIMIT = "rate_limit: {unit: hour, requests_per_unit: 1}";

    @TempDir
    Path folder = Path.of("");

    /** Entries are joined by a comma, descriptors by a semicolon, requests by a space. L stands for one request an hour. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "left out: a window has at most 31 days | [{key: a, rate_limit: {unit: year, requests_per_unit: 1}}] | a=1 a=1",
                "left out: the key \"a*\" is a pattern | [{key: \"a*\", L}] | ab=1 ab=1",
                "left out: the key \"weir.a\" steers Weir | [{key: weir.a, L}] | weir.a=1 weir.a=1",
                "left out: a key stands twice | [{key: a, descriptors: [{key: a, L}]}] | a=1,a=2 a=1,a=2",
                "left out: a backslash before a star | [{key: a, value: 'b\\*', L}] | a=b\\c a=b\\c",
                "applies to descriptors of \"a\", \"b\", too | [{key: a, L}, {key: a, value: x, descriptors: [{key: b, L}]}] | a=1,b=1 a=1,b=1",
                "applies to descriptors of \"b\", \"a\", too | [{key: a, value: x, descriptors: [{key: b, L}]}, {key: b, descriptors: [{key: a, value: y, L}]}] | b=1,a=x b=1,a=x",
                "applies to values of \"a\" that go by \"xy\", too | [{key: a, value: x*, descriptors: [{key: b, L}]}, {key: a, value: xy, descriptors: [{key: c, L}]}] | a=xy,b=1 a=xy,b=1",
                "applies where the limit of \"a_xy\" is found, too | [{key: a, value: x*, L}, {key: a, value: xy, shadow_mode: true, L}] | a=xy a=xy",
                "applies where the limit of \"a.b\" is found, too | [{key: a, L, descriptors: [{key: b, rate_limit: {unit: hour, requests_per_unit: 9}, descriptors: [{key: c, L}]}]}] | a=1,b=1 a=1,b=1",
                "`quota_mode` is lost | [{key: a, quota_mode: true, L}, {key: b, quota_mode: true, L}] | a=1 a=1;b=1",
                "`replaces` is lost | [{key: a, rate_limit: {unit: hour, requests_per_unit: 9, name: big, replaces: [{name: small}]}}, {key: b, rate_limit: {unit: hour, requests_per_unit: 1, name: small}}] | a=1;b=1 a=1;b=1",
                "keys \"a\" and \"a_b\" are told apart | [{key: a, L}, {key: a_b, rate_limit: {unlimited: true}}] | a=b a=b"
            })
    void whatIsSaidToDifferDoes(String comment, String descriptors, String requests) throws Exception {
        Migrated migrated = migrate(descriptors);

        assertTrue(migrated.text().contains("# differs: " + comment), migrated.text());
        assertTrue(differences(migrated, 1, requests) > 0, migrated.text());
    }

    /** What stands at the top of each. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1 | a=1,b=1 b=1,a=1 b=1,a=1", "1 | c=1,z=1 c=1,z=1", "1 | c=1 c=1;d=1 d=1", "2 | e=1;e=1 e=1"})
    void whatDiffersEverywhereDoes(long hits, String requests) throws Exception {
        Migrated migrated = migrate("[{key: a, descriptors: [{key: b, L}]}, {key: c, L}, {key: d, L},"
                + " {key: e, rate_limit: {unit: hour, requests_per_unit: 3}}]");

        assertEquals(0, migrated.differences(), migrated.text());
        assertEquals(0, differences(migrated, 1, "a=1,b=1 a=1,b=1 c=1 c=1 e=1 z=1"));
        assertTrue(differences(migrated, hits, requests) > 0, migrated.text());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "[{key: a, L}, {key: a, value: x, rate_limit: {unit: hour, requests_per_unit: 2}}] | a=x a=x a=x a=y a=y a=z",
                "[{key: a, L, descriptors: [{key: b, L}]}] | a=1 a=1,b=1 a=1,b=1 a=1,b=2 a=1",
                "[{key: a, value: x*, L}, {key: a, value: xy, rate_limit: {unit: hour, requests_per_unit: 2}}] | a=xy a=xy a=xy a=xz a=xz a=x",
                "[{key: a, value: x*, share_threshold: true, L}] | a=x1 a=x2 a=y a=y",
                "[{key: a, shadow_mode: true, L}, {key: b, L}] | a=1 a=1 b=1 b=1 c=1",
                "[{key: a, rate_limit: {unlimited: true}}, {key: a, value: x, L}] | a=1 a=1 a=x a=x",
                "[{key: a, rate_limit: {unit: day, requests_per_unit: 0}}] | a=1 b=1"
            })
    void whatIsNotSaidToDifferDoesNot(String descriptors, String requests) throws Exception {
        Migrated migrated = migrate(descriptors);

        assertEquals(0, migrated.differences(), migrated.text());
        assertEquals(0, differences(migrated, 1, requests), migrated.text());
    }

    @Test
    void whatIsLostWithoutADifferenceIsNoted() throws Exception {
        Migrated migrated = migrate("[{key: a, value: \"*\", detailed_metric: true, value_to_metric: true,"
                + " metadata: {x: y}, L}, {key: a, L}]");

        assertEquals(0, migrated.differences(), migrated.text());
        for (String note : List.of("`detailed_metric` is", "`value_to_metric` is", "`metadata` is", "never found")) {
            assertTrue(migrated.text().contains("# note: " + note), migrated.text());
        }
    }

    @Test
    void namesAreLegalAndEachStandsOnce() throws Exception {
        Migrated migrated = migrate(
                "[{key: a, value: 'x y', L}, {key: a, value: 'x/y', L}, {key: '-', L},"
                        + " {key: override, L}, {key: n, rate_limit: {unit: day, requests_per_unit: 1, name: everything-else}}]");

        for (String name : List.of("a-x-y", "a-x-y-2", "limit", "override-2", "everything-else")) {
            assertTrue(migrated.text().contains("- name: \"" + name + "\"\n"), migrated.text());
        }
        assertTrue(migrated.text().contains("{name: everything-else-2,"), migrated.text());
    }

    @Test
    void theTierIsWhatAKeyIsCalled() throws Exception {
        Migrated migrated = migrate("[{key: x-user-id, L}, {key: team, descriptors: [{key: remote_address, L}]},"
                + " {key: generic_key, value: z, L}]");

        List<String> tiers = migrated.text()
                .lines()
                .filter(line -> line.startsWith("    tier: "))
                .map(String::strip)
                .toList();
        assertEquals(List.of("tier: user", "tier: ip", "tier: global"), tiers);
    }

    private record Migrated(Policy before, Policy after, String text, int differences) {}

    private Migrated migrate(String descriptors) throws Exception {
        String text = "domain: d\ndescriptors: " + descriptors.replaceAll("\\bL\\b", LIMIT) + "\n";
        Policy before = PolicyReader.read(Files.writeString(folder.resolve("before.yaml"), text));
        Domain domain = Objects.requireNonNull(before.domain("d"));
        Migration migration = Migration.of(domain, Objects.requireNonNull(domain.descriptors()), "before.yaml");
        Path after = Files.writeString(folder.resolve("after.yaml"), migration.text());
        return new Migrated(before, PolicyReader.read(after), migration.text(), migration.differences());
    }

    private static int differences(Migrated migrated, long hits, String requests) {
        List<TimedRequest> asked = new ArrayList<>();
        for (String request : requests.split(" ", -1)) {
            List<Descriptor> descriptors = new ArrayList<>();
            for (String descriptor : request.split(";", -1)) {
                String[] texts = Arrays.stream(descriptor.split("[,=]", -1)).toArray(String[]::new);
                descriptors.add(new Descriptor(descriptors.size(), Attributes.of(texts), hits, null));
            }
            asked.add(new TimedRequest(1_767_600_000_000_000L, new Request("d", null, descriptors, List.of())));
        }
        return PolicyDiff.of(migrated.before(), migrated.after(), asked, false).differences();
    }
}

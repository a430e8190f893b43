package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.config.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: exit status 0 where nothing but information is found, 1 for warnings and errors, 2 for wrong use. */
class LintCommandTest {
    private static final String GOOD = """
            domain: llm
            limits:
              - {name: minute, tier: user, per: [user], allow: 20 requests / 1m}
            """;
    private static final String LONG = """
            domain: llm
            limits:
              - {name: day, tier: user, per: [user], allow: 900 requests / 1d}
            """;

    @TempDir
    Path folder = Path.of("");

    @Test
    void aPolicyWithoutProblemsIsZeroAndWritesNothingToStdout() throws IOException {
        assertEquals(new Ran(0, "", "no problems\n"), Ran.weir("lint", write("p.yaml", GOOD)));
    }

    @Test
    void aWarningIsOneAndGoesToStdoutTheSummaryToStderr() throws IOException {
        Path policy = write("p.yaml", LONG);

        Ran ran = Ran.weir("lint", policy);

        assertEquals(1, ran.status());
        assertTrue(ran.out().startsWith(policy + ":3:5: warning no-short-window: limit `day` "), ran.out());
        assertEquals(1, ran.out().lines().count());
        assertEquals("1 warning\n", ran.err());
    }

    @Test
    void informationAloneIsZero() throws IOException {
        Ran ran = Ran.weir("lint", write("p.yaml", GOOD.replace("}", ", mode: shadow}")));

        assertEquals(0, ran.status());
        assertTrue(ran.out().contains(": info only-shadow: "), ran.out());
        assertEquals("1 info\n", ran.err());
    }

    @Test
    void errorsAreOneAndAreTheSameThatServeTells() throws IOException {
        Path policy = write("p.yaml", GOOD.replace("20 requests", "20 request").replace("tier: user", "tier: usr"));

        Ran ran = Ran.weir("lint", policy);

        assertEquals(1, ran.status());
        assertEquals(Ran.weir("serve", "--policy", policy).err(), ran.out());
        assertEquals("2 errors\n", ran.err());
    }

    @Test
    void aFileThatIsNotThereCannotBeUsed() {
        Path none = folder.resolve("none.yaml");

        assertEquals(new Ran(2, none + ": error file: does not exist\n", "1 error\n"), Ran.weir("lint", none));
    }

    @Test
    void theKeysAreCheckedWhetherThePolicyIsGoodOrNot() throws IOException {
        Path keys = write("keys.yaml", "keys: [{id: a}]\n");

        for (String policy : List.of(GOOD, "domain: 1\n")) {
            Ran ran = Ran.weir("lint", write("p.yaml", policy), "--keys", keys);
            assertEquals(1, ran.status());
            assertTrue(ran.out().contains(keys + ":1:8: error "), ran.out());
        }
    }

    @Test
    void anEnvoyFileIsHeldAgainstThePolicyAndMayBeIgnoredByItsDomain() throws IOException {
        Path envoy = write("envoy.yaml", "static_resources: {listeners: []}\n");

        Ran ran = Ran.weir("lint", write("p.yaml", GOOD), "--envoy", envoy);
        assertEquals(1, ran.status());
        assertTrue(ran.out().startsWith(envoy + ": warning "), ran.out());
        String rule = ran.out().split(" ", -1)[2].replace(":", "");
        assertEquals("warning", ran.out().split(" ", -1)[1], ran.out());

        Path ignoring = write("q.yaml", "ignore: {" + rule + ": it is a part}\n" + GOOD);
        assertEquals(new Ran(0, "", "no problems\n"), Ran.weir("lint", ignoring, "--envoy", envoy));
        assertEquals(new Ran(0, "", "no problems\n"), Ran.weir("lint", ignoring));
    }

    @Test
    void oneDomainDoesNotIgnoreForAnother() throws IOException {
        Path envoy = write("envoy.yaml", "static_resources: {listeners: []}\n");
        Path policies = Files.createDirectory(folder.resolve("policies"));
        String ignoring = "ignore: {no-rate-limit-filter: it is a part}\n" + GOOD;
        Files.writeString(policies.resolve("a.yaml"), ignoring);
        Files.writeString(policies.resolve("b.yaml"), GOOD.replace("llm", "other"));
        assertEquals(1, Ran.weir("lint", policies, "--envoy", envoy).status());

        Files.writeString(policies.resolve("b.yaml"), ignoring.replace("llm", "other"));
        assertEquals(new Ran(0, "", "no problems\n"), Ran.weir("lint", policies, "--envoy", envoy));
    }

    @Test
    void jsonIsAListWithAllFields() throws IOException {
        Path policy = write("p.yaml", LONG);

        Ran ran = Ran.weir("lint", policy, "--json");

        assertEquals(1, ran.status());
        assertEquals("", ran.err());
        JsonArray problems = JsonParser.parseString(ran.out()).getAsJsonArray();
        assertEquals(1, problems.size());
        JsonObject problem = problems.get(0).getAsJsonObject();
        assertEquals(Set.of("file", "line", "column", "severity", "rule", "message"), problem.keySet());
        assertEquals(policy.toString(), problem.get("file").getAsString());
        assertEquals(3, problem.get("line").getAsInt());
        assertEquals(5, problem.get("column").getAsInt());
        assertEquals("warning", problem.get("severity").getAsString());
        assertEquals("no-short-window", problem.get("rule").getAsString());
        assertEquals(new Ran(0, "[]\n", ""), Ran.weir("lint", write("p.yaml", GOOD), "--json"));
    }

    @Test
    void nothingIsColouredWhereNoTerminalIs() throws IOException {
        assertFalse(Ran.weir("lint", write("p.yaml", LONG)).out().contains("\u001b"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleIsExplained(Rule rule) {
        Ran ran = Ran.weir("lint", "--explain", rule.name());

        assertEquals(new Ran(0, rule.name() + " (" + rule.severity().word() + ")\n" + rule.why() + "\n", ""), ran);
        assertTrue(rule.name().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), rule.name());
        assertTrue(rule.why().endsWith(".") || rule.why().endsWith(")"), rule.why());
    }

    static List<Rule> rules() {
        return Rules.all();
    }

    @Test
    void noTwoRulesHaveOneName() {
        assertEquals(Rules.all().size(), Rules.names().size());
    }

    @Test
    void aRuleThatThereIsNotIsWrongUse() {
        Ran ran = Ran.weir("lint", "--explain", "never-bind");

        assertEquals(2, ran.status());
        assertEquals("", ran.out());
        assertTrue(
                ran.err().startsWith("weir: unknown rule `never-bind`; did you mean `never-binds`? Known here: "),
                ran.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"lint", "lint --nonsense p.yaml", "lint a.yaml b.yaml", "lint a.yaml --envoy"})
    void wrongUseIsTwo(String arguments) {
        Ran ran = Ran.weir((Object[]) arguments.split(" ", -1));

        assertEquals(2, ran.status());
        assertEquals("", ran.out());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}

package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Problem;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the file is, the answer is a list of problems, and soon. */
@Timeout(60)
class HostileEnvoyFileTest {
    private static final String MANAGER = "\"@type\": x.HttpConnectionManager";
    private static final String FILTER = "\"@type\": x.http.ratelimit.v3.RateLimit";
    private static final Policy POLICY = Policies.of(Lint.POLICY);

    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"[", "- ", "{a: ", "? ", "&a ["})
    void whatIsNestedTooDeeplyForTheParserIsAProblem(String opening) throws IOException {
        assertEquals(List.of("is nested too deeply; Envoy would not take it"), found(opening.repeat(100_000)));
    }

    @Test
    void whatIsNestedTooDeeplyForTheWalkIsAProblem() throws IOException {
        assertEquals(
                List.of("is nested too deeply; Envoy would not take it"), found("[".repeat(250) + "]".repeat(250)));
    }

    @Test
    void aFileOfTenMebibytesIsNotRead() throws IOException {
        assertEquals(
                List.of("is larger than 4 MiB; name a file with only the listeners, routes and clusters that matter"),
                found("#".repeat(10 << 20)));
    }

    @Test
    void aFileOfFourMebibytesIs() throws IOException {
        assertEquals(
                List.of("has no ratelimit filter; name the file that has the HTTP filters"),
                found(("- {a: [b, {c: " + "d".repeat(60) + "}]}\n").repeat(50_000)));
    }

    @Test
    void whatIsNotYamlIsAProblemWithItsPlace() throws IOException {
        Problem problem =
                problems("a: [1\nb: 2\n".getBytes(StandardCharsets.UTF_8)).get(0);

        assertEquals("envoy-file", problem.rule().name());
        assertEquals(2, problem.place().line());
    }

    @Test
    void whatIsNotTextIsAProblem() throws IOException {
        assertEquals(
                List.of("the byte 0xFF is not UTF-8; save the file as UTF-8"),
                problems(new byte[] {'a', ':', (byte) 0xff}).stream()
                        .map(Problem::message)
                        .toList());
    }

    @Test
    void aFileThatDoesNotExistIsAProblem() {
        assertEquals(
                List.of("does not exist"),
                EnvoyLint.check(POLICY, folder.resolve("none.yaml")).stream()
                        .map(Problem::message)
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "null\n", "text\n", "- 1\n", "? [a]\n: b\n", "a: *b\n"})
    void aFileWithoutAnythingInItIsAProblem(String text) throws IOException {
        assertEquals(1, found(text).size());
    }

    @Test
    void aBillionLaughsAreVisitedOnce() throws IOException {
        StringBuilder text = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i <= 30; i++) {
            text.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(100)));
        }

        assertEquals(
                List.of("has no ratelimit filter; name the file that has the HTTP filters"), found(text.toString()));
    }

    @Test
    void aBlockThatHoldsItselfEnds() throws IOException {
        assertEquals(
                List.of("has no ratelimit filter; name the file that has the HTTP filters"),
                found("&a {" + MANAGER + ", b: *a, c: [*a, *a]}\n"));
        assertEquals(
                List.of("has no ratelimit filter; name the file that has the HTTP filters"),
                found("&a {\"@type\": x.TypedStruct, type_url: y, value: *a}\n"));
    }

    @Test
    void manyConnectionManagersThatShareMuchAreTooMuch() throws IOException {
        String shared = "a: &a [" + "{b: c}, ".repeat(10_000) + "]\n";
        String managers = ("- {" + MANAGER + ", a: *a}\n").repeat(500);

        assertEquals(
                List.of("its aliases stand for far more than it has; write out what is meant"),
                found(shared + "b:\n" + managers));
        assertEquals(
                List.of("has more than 1000 connection managers; name a file with those that matter"),
                found(("- {" + MANAGER + "}\n").repeat(1_001)));
    }

    @Test
    void manyFiltersAndRoutesAreTooMuch() throws IOException {
        String filters = ("- {" + FILTER + "}\n").repeat(2_000);
        String routes = "- {rate_limits: [{actions: []}]}\n".repeat(2_000);

        assertEquals(
                List.of("has too many filters and routes to compare; name a file with those that matter"),
                found(filters + routes));
        assertEquals(
                List.of("has too many filters and routes to compare; name a file with those that matter"),
                found(filters + ("- {" + MANAGER + "}\n").repeat(1_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "domain: [a], timeout: {b: c}, rate_limits: {d: e}, rate_limit_service: []",
                "rate_limits: [[], 1, {actions: 1}, {actions: [1, [], {}, {metadata: {metadata_key: {path: [1]}}}]}]",
                "domain: llm, stage: -1, timeout: -1s, rate_limits: [{stage: 9999999999, hits_addend: 1, actions: []}]",
                "domain: llm, timeout: 99999999999999999999s, rate_limits: [{actions: [{generic_key: {descriptor_value: {}}}]}]",
                "1: c, null: d, domain: \"\\u0000\\n\""
            })
    void fieldsOfAnotherKindAreAsIfTheyWereNotThere(String fields) throws IOException {
        List<Problem> problems = problems(("{" + FILTER + ", " + fields + "}\n").getBytes(StandardCharsets.UTF_8));

        assertTrue(
                problems.stream().noneMatch(problem -> problem.rule().equals(EnvoyRules.UNREADABLE)),
                problems::toString);
        assertTrue(
                problems.stream().anyMatch(problem -> problem.rule().equals(EnvoyRules.FAILS_OPEN)),
                problems::toString);
    }

    private List<String> found(String text) throws IOException {
        return problems(text.getBytes(StandardCharsets.UTF_8)).stream()
                .map(Problem::message)
                .toList();
    }

    private List<Problem> problems(byte[] content) throws IOException {
        return EnvoyLint.check(POLICY, Files.write(folder.resolve("envoy.yaml"), content));
    }
}

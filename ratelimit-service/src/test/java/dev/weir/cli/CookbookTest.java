package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Problem;
import dev.weir.policy.read.PolicyReader;
import dev.weir.tools.cases.CaseFileReader;
import dev.weir.tools.cases.CaseRunner;
import dev.weir.tools.cases.Results;
import dev.weir.tools.cases.TextReport;
import dev.weir.tools.lint.PolicyLint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.8: the policies that people copy say what they mean, and do what is written beside them. */
class CookbookTest {
    private static final Path FOLDER = Path.of("../envoy/cookbook");
    private static final String CASES = ".test.yaml";

    static List<String> policies() {
        return files().filter(name -> !name.endsWith(CASES)).toList();
    }

    @Test
    void thereAreTenPoliciesEachWithCases() {
        assertEquals(10, policies().size());
        assertEquals(
                policies(),
                files().filter(name -> name.endsWith(CASES))
                        .map(name -> name.replace(CASES, ".yaml"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyPolicyLintsClean(String policy) throws Exception {
        List<Problem> problems = PolicyLint.check(PolicyReader.read(FOLDER.resolve(policy)), Rules.all());

        assertEquals(List.of(), problems);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void everyCaseGoesAsWrittenAndNoLimitIsLeftOut(String policy) throws Exception {
        Path cases = FOLDER.resolve(policy.replace(".yaml", CASES));
        Results results = CaseRunner.run(CaseFileReader.read(List.of(cases), null));

        assertTrue(results.cases() > 1, policy);
        assertEquals(0, results.failed(), () -> report(results));
        assertEquals(List.of(), results.idle());
    }

    /** A case file that is about another policy would leave its own untested. */
    @ParameterizedTest
    @MethodSource("policies")
    void everyCaseFileIsAboutThePolicyBesideIt(String policy) throws IOException {
        List<String> lines = Files.readAllLines(FOLDER.resolve(policy.replace(".yaml", CASES)));

        assertTrue(lines.contains("policy: " + policy), policy);
    }

    @Test
    void everyFileIsInTheTable() throws IOException {
        String table = Files.readString(FOLDER.resolve("README.md"));

        files().forEach(name -> assertTrue(table.contains("| [`" + name + "`](" + name + ") |"), name));
    }

    private static Stream<String> files() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String report(Results results) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        TextReport.write(results, new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}

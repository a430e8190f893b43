package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** R2.8, R5.8: exit status 0 where all went as expected, 1 where a case failed, 2 for wrong use and unusable files. */
class TestCommandTest {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: all, tier: global, allow: AMOUNT requests / 1m}
            """;
    private static final String CASES = """
            policy: policy.yaml
            cases:
              - name: the second is refused, süß
                steps:
                  - {send: {}, times: 2, expect: {allowed: 1, refused: all}}
              - name: the first is allowed
                steps:
                  - {send: {}, expect: allowed}
            """;

    @TempDir
    Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;
    private final PrintStream systemErr = System.err;
    private Path cases;

    @BeforeEach
    void listen() throws IOException {
        System.setOut(new PrintStream(out, true, StandardCharsets.US_ASCII));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        write("policy.yaml", POLICY.replace("AMOUNT", "1"));
        cases = write("cases.yaml", CASES);
    }

    @AfterEach
    void restore() {
        System.setOut(systemOut);
        System.setErr(systemErr);
    }

    @Test
    void casesThatGoAsExpectedAreZero() {
        assertEquals(0, test(cases), this::err);

        assertTrue(
                out().startsWith("ok  the second is refused, süß\nok  the first is allowed\n2 cases, 2 ok, 0 failed"),
                out());
        assertEquals("", err());
    }

    @Test
    void aFailedCaseIsOneAndSaysWhere() throws IOException {
        Path other = write("other.yaml", POLICY.replace("AMOUNT", "2"));

        assertEquals(1, test(cases, "--policy", other), this::err);

        assertTrue(out().startsWith("FAILED the second is refused, süß\n  " + cases + ":5:38: expected "), out());
        assertTrue(out().contains("2 cases, 1 ok, 1 failed"), out());
    }

    @Test
    void onlyCasesWithTheTextAreRun() {
        assertEquals(0, test(cases, "--case", "first", "--json"), this::err);

        assertTrue(out().startsWith("{\"cases\":1,\"failed\":0,"), out());
    }

    @Test
    void aTextThatNoCaseHasIsWrongUse() {
        assertEquals(2, test(cases, "--case", "third"));
        assertEquals("weir: no case has `third` in its name\n", err());
    }

    @Test
    void aReportForBuildServersIsWrittenBeside() throws IOException {
        Path report = folder.resolve("report.xml");

        assertEquals(0, test(folder, "--junit", report), this::err);

        assertTrue(Files.readString(report)
                .contains("<testcase classname=\"" + cases + "\" name=\"the first is allowed\""));
        assertTrue(out().contains("2 cases, 2 ok"), out());
    }

    @Test
    void aReportThatCannotBeWrittenIsTwo() {
        Path report = folder.resolve("none").resolve("report.xml");

        assertEquals(2, test(cases, "--junit", report));
        assertTrue(err().startsWith("weir: cannot write " + report + ": "), err());
    }

    @Test
    void filesThatCannotBeUsedAreTwoAndNothingRuns() throws IOException {
        Path broken = write("broken.yaml", CASES.replace("refused: all", "refused: al"));

        assertEquals(2, test(cases, broken, folder.resolve("none.yaml")));

        assertEquals("", out());
        assertEquals(
                broken + ":5:60: error value: unknown limit `al`; did you mean `all`? The domain `llm` has all\n"
                        + folder.resolve("none.yaml") + ": error file: does not exist\n",
                err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"test", "test --nonsense a.yaml", "test --policy"})
    void wrongUseIsTwo(String arguments) {
        assertEquals(2, new CommandLine(Weir.class).execute(arguments.split(" ", -1)));
    }

    @Test
    void theFileInTheHelpIsTrue() throws IOException {
        new CommandLine(Weir.class).execute("test", "--help");
        String example = out().lines()
                .dropWhile(line -> !line.equals("A file of cases:"))
                .skip(1)
                .takeWhile(line -> line.startsWith("  "))
                .map(line -> line.substring(2) + "\n")
                .reduce("", String::concat);
        write("policy.yaml", """
                domain: llm
                limits:
                  - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
                  - {name: user-tokens, tier: user, per: [user], allow: 40k tokens / 1m, estimate: 100}
                """);

        assertEquals(0, test(write("example.yaml", example)), () -> example + err() + out());
    }

    private int test(Object... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "test";
        Arrays.setAll(all, i -> i == 0 ? "test" : arguments[i - 1].toString());
        return new CommandLine(Weir.class).execute(all);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

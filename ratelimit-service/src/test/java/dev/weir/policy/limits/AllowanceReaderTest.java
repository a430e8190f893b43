package dev.weir.policy.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.Algorithm;
import dev.weir.config.ConfigException;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.policy.Window;
import dev.weir.policy.read.PolicyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceReaderTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource({
        "20 requests / 1m, 20, REQUESTS, 60",
        "20 requests/1m, 20, REQUESTS, 60",
        "0 requests / 1s, 0, REQUESTS, 1",
        "'  7   requests   /   30s  ', 7, REQUESTS, 30",
        "40k tokens / 5m, 40000, TOKENS, 300",
        "4M tokens / 1h, 4000000, TOKENS, 3600",
        "1 tokens / 1d, 1, TOKENS, 86400",
        "9007199254740991 tokens / 31d, 9007199254740991, TOKENS, 2678400",
        "9007199254740k tokens / 1m, 9007199254740000, TOKENS, 60",
        "9007199254M tokens / 1m, 9007199254000000, TOKENS, 60"
    })
    void anAllowanceIsAnAmountAMeasureAndAWindow(String text, long amount, Measure measure, long seconds) {
        Allowance allow = Policies.domain(policy(text)).limits().get(0).allow();

        assertEquals(amount, allow.amount());
        assertEquals(measure, allow.measure());
        assertEquals(new Window.Length(allow.window().text(), seconds * 1_000_000), allow.window());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+1",
                "1.5",
                "1.5k",
                "k",
                "20K",
                "20m",
                "20kk",
                "1e3",
                "1_000",
                "0x10",
                "\u0661",
                "9007199254740992",
                "9007199254741k",
                "9007199255M",
                "99999999999999999999"
            })
    void whatIsNoAmountIsAProblem(String amount) throws IOException {
        assertEquals(
                List.of("`" + amount
                        + "` is not an amount from 0 to 9007199254740991; write for example 20, 40k, 4M or unlimited"),
                problems(amount + " tokens / 1m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"20", "requests", "20 requests per 1m", "20requests / 1m", "20 requests 1m"})
    void whatIsNoAllowanceIsAProblem(String text) throws IOException {
        assertEquals(
                List.of("`" + text + "` is not an allowance; write for example `20 requests / 1m`"), problems(text));
    }

    @Test
    void parallelRequestsHaveNoWindow() throws IOException {
        Limit limit = Policies.domain(policy("5 parallel")).limits().get(0);

        assertEquals(new Allowance(5, Measure.PARALLEL, new Window.None()), limit.allow());
        assertEquals(new Algorithm.Parallel(5, 60_000_000), limit.algorithm());
        assertEquals("5 parallel", limit.allow().toString());
        assertEquals(List.of("parallel requests have no window; remove `/ 1m`"), problems("5 parallel / 1m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"usd"})
    void aMeasureToComeIsAProblem(String measure) throws IOException {
        String problem =
                "the measure `" + measure + "` is not enforced by this version; use requests, tokens or parallel";

        assertEquals(List.of(problem), problems("5 " + measure));
        assertEquals(List.of(problem), problems("5 " + measure + " / 1 month"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "Tokens", "hits"})
    void anUnknownMeasureIsAProblem(String measure) throws IOException {
        assertEquals(
                List.of("unknown measure `" + measure + "`; use requests, tokens or parallel"),
                problems("5 " + measure + " / 1m"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 day", "1 week", "1 month"})
    void aCalendarWindowIsNotTakenForADuration(String window) throws IOException {
        assertEquals(
                List.of("the calendar window `" + window
                        + "` belongs to fixed_window; add `algorithm: fixed_window`, or write `1d` for 24 hours"),
                problems("5 requests / " + window));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "32d", "1w", "1 m", "60", "1min", "minute", "3 months", "2 days"})
    void whatIsNoWindowIsAProblem(String window) throws IOException {
        assertEquals(
                List.of(
                        "`" + window
                                + "` is not a window from 1s to 31d; write for example 30s, 1m, 1h, 1d, 1 day, 1 week or 1 month"),
                problems("5 requests / " + window));
    }

    @Test
    void aMissingWindowIsAProblem() throws IOException {
        assertEquals(
                List.of("the window is missing; write for example `/ 1m` after the measure"), problems("5 requests"));
    }

    @Test
    void everythingThatIsWrongIsTold() throws IOException {
        assertEquals(2, problems("-5 requests / 1x").size());
    }

    private List<String> problems(String allow) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), policy(allow));
        return assertThrows(ConfigException.class, () -> PolicyReader.read(file)).problems().stream()
                .map(problem -> {
                    assertEquals(
                            "5:12",
                            problem.place().line() + ":" + problem.place().column());
                    return problem.message();
                })
                .toList();
    }

    private static String policy(String allow) {
        String estimate = allow.contains("tokens") ? "\n    estimate: 0" : "";
        return """
                domain: llm
                limits:
                  - name: a
                    tier: user
                    allow: '%s'%s
                """.formatted(allow, estimate);
    }
}

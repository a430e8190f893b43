package dev.weir.tools.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R5.8, R2.8: every mistake in a file of cases is told with its place, all of them before anything runs. */
class CaseFileReaderTest {
    private static final String LIMITS = """
            - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
            - {name: everybody, tier: global, allow: 100 requests / 1m}
            """;
    private static final String SOUND = """
            policy: policy.yaml
            cases:
              - name: it
                steps:
                  - {send: {user: alice}, expect: allowed}
            """;

    @TempDir
    Path folder = Path.of("");

    private Bench bench;

    @BeforeEach
    void writePolicy() throws IOException {
        bench = new Bench(folder, LIMITS);
    }

    @Test
    void allProblemsOfAFileAreToldInOrderOfPlace() throws IOException {
        assertEquals(
                List.of(
                        "1:1: unknown key `polcy`; did you mean `policy`? Known here: policy, domain, start, cases",
                        "1:1: `policy` is missing; add for example `policy: policy.yaml`, or use --policy",
                        "2:8: `2026-01-05` is not a time from 1970 to 2199; write for example 2026-01-05T09:00:00+01:00",
                        "4:5: `name` is missing; add for example `name: the 21st request in a minute is refused`",
                        "4:12: no step of this case expects anything; add for example `expect: allowed` to a `send`",
                        "5:5: unknown key `stepps`; did you mean `steps`? Known here: name, start, steps",
                        "5:5: `steps` is missing; add for example `steps: [{send: {user: alice}, expect: allowed}]`",
                        "7:5: expected `key: value` pairs here, found a text"),
                bench.problems("""
                        polcy: policy.yaml
                        start: 2026-01-05
                        cases:
                          - steps: [{wait: 1s}]
                          - stepps: []
                            name: a
                          - everything
                        """));
    }

    @Test
    void aFileWithoutCasesIsAProblem() throws IOException {
        assertEquals(
                List.of("1:1: `cases` is missing; add for example `cases: []`"),
                bench.problems("policy: policy.yaml\n"));
        assertEquals(
                List.of("2:8: a file without cases checks nothing; add a case"),
                bench.problems("policy: policy.yaml\ncases: []\n"));
    }

    @Test
    void twoCasesOfOneNameAreAProblem() throws IOException {
        assertEquals(
                List.of("6:5: case `it` stands in this file already; give it a name of its own"),
                bench.problems(SOUND + "  - {name: it, steps: [{send: {user: bob}, expect: allowed}]}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "everybody | 5:5: expected `key: value` pairs here, found a text",
                "times: 2 | 5:5: a step has one of send, wait, until, settle, release",
                "wait: 1s, send: {user: a}" + " | 5:5: a step has only one of send and wait; make it several steps",
                "send: {user: a}, time: 2"
                        + " | 5:23: unknown key `time`; did you mean `times`? Known here: send, hits, times, every, as, expect",
                "send: alice | 5:12: expected `key: value` pairs here, found a text",
                "send: [] | 5:12: a call has from 1 to 1000 descriptors, found 0",
                "send: {weir.event: a} | 5:12: `weir.event`: names that start with `weir.` steer Weir and are never limited;"
                        + " to end a request use `settle` or `release`",
                "send: {user: a}, hits: 1.5 | 5:29: `1.5` is not a whole number from -4294967295 to 4294967295",
                "send: {user: a}, times: 0 | 5:30: `0` is not a whole number from 1 to 1000000",
                "send: {user: a}, times: 1000001 | 5:30: `1000001` is not a whole number from 1 to 1000000",
                "send: {user: a}, times: 99999999999999999999"
                        + " | 5:30: `99999999999999999999` is not a whole number from 1 to 1000000",
                "send: {user: a}, every: 1s | 5:30: `every` is the time between several; add for example `times: 20`,"
                        + " or use `wait`",
                "wait: 1 day | 5:12: `1 day` is not a span from 1ms to 31d; write for example 500ms, 30s, 5m, 1h or 1d",
                "wait: 0s | 5:12: `0s` is not a span from 1ms to 31d; write for example 500ms, 30s, 5m, 1h or 1d",
                "wait: 1s, expect: allowed | 5:16: `expect` belongs to `send`; nothing is decided here",
                "until: 2026-01-04T23:59:59Z | 5:13: it is later already when this step comes; time does not go back",
                "until: 2200-01-01T00:00:00Z"
                        + " | 5:13: `2200-01-01T00:00:00Z` is not a time from 1970 to 2199; write for example"
                        + " 2026-01-05T09:00:00+01:00",
                "send: {user: a}, times: 1000000, every: 31d | 5:5: this step ends after the year 2199; shorten it",
                "settle: first | 5:14: no earlier step of this case is called `first`; add `as: first` to its `send`",
                "release: first | 5:15: no earlier step of this case is called `first`; add `as: first` to its `send`"
            })
    void aStepThatCannotBePlayedIsAProblem(String step, String problem) throws IOException {
        String written = step.contains(":") ? "{" + step + "}" : step;

        assertEquals(
                List.of(problem), bench.problemsOfSteps("- " + written + "\n- {send: {user: z}, expect: allowed}\n"));
    }

    @Test
    void aSettlementComesAfterItsSend() throws IOException {
        assertEquals(
                List.of(
                        "6:26: `tokens` belongs to `settle`, which ends a request with what it used",
                        "7:6: `first` names an earlier step of this case; choose another name",
                        "8:30: `-1` is not a whole number from 0 to 999999999"),
                bench.problemsOfSteps("""
                        - {send: {user: a}, as: first, expect: allowed}
                        - {release: first,     tokens: 4}
                        -  {send: {user: a}, as: first}
                        - {settle: first, tokens:  -1}
                        """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ok | 5:42: `ok` cannot be expected; write `allowed`, `refused`, or for example `{refused: user-requests}`",
                "[allowed] | 5:42: expected a text here, found a list",
                "{} | 5:42: nothing is expected here; write for example `allowed`",
                "{allow: 2} | 5:42: nothing is expected here; write for example `allowed`; 5:43: unknown key `allow`; did you mean `allowed`? Known here: allowed, refused, by, reason, tier, shadow, retry_after, remaining",
                "{allowed: false} | 5:52: `false` is no number of allowed sends; write how many, `true` for all,"
                        + " or `refused` in its place",
                "{allowed: 26} | 5:52: `26` is not a whole number from 0 to 25",
                "{allowed: 20, refused: 4} | 5:42: 20 allowed and 4 refused are not the 25 that this step sends",
                "{allowed: true, refused: true} | 5:42: this tells of refusals, and none is expected; remove that,"
                        + " or lower `allowed`",
                "{allowed: true, by: everybody} | 5:42: this tells of refusals, and none is expected; remove that,"
                        + " or lower `allowed`",
                "{refused: user-request} | 5:52: unknown limit `user-request`; did you mean `user-requests`?"
                        + " The domain `llm` has user-requests, everybody",
                "{refused: everybody, by: everybody} | 5:67: `refused` names the limit already; remove one",
                "{by: user} | 5:47: unknown limit `user`; the domain `llm` has user-requests, everybody",
                "{remaining: {user: 5}} | 5:61: unknown limit `user`; the domain `llm` has user-requests, everybody",
                "{remaining: {everybody: -5}} | 5:66: `-5` is not a whole number from 0 to 9007199254740991",
                "{remaining: 5} | 5:54: expected `key: value` pairs here, found a text",
                "{remaining: {}} | 5:54: no limit is named here; write for example `{user-requests: 5}`",
                "{shadow: {}} | 5:51: no limit is named here; write for example `{user-requests: 5}`",
                "{shadow: everbody} | 5:51: unknown limit `everbody`; did you mean `everybody`?"
                        + " The domain `llm` has user-requests, everybody",
                "{shadow: {user: 5}} | 5:58: unknown limit `user`; the domain `llm` has user-requests, everybody",
                "{shadow: {everybody: 26}} | 5:63: `26` is not a whole number from 0 to 25",
                "{shadow: [everybody]} | 5:51: expected a text here, found a list",
                "{reason: missing} | 5:51: unknown reason `missing`; use one of over_limit, never_fits, missing_attributes,"
                        + " unreadable_max_tokens, store_full, overloaded",
                "{tier: users} | 5:49: unknown tier `users`; did you mean `user`? Known here: user, global",
                "{retry_after: 1500ms} | 5:56: retry_after is in whole seconds, rounded up as in the header;"
                        + " write for example 1s",
                "{retry_after: soon} | 5:56: `soon` is not a span from 1ms to 31d; write for example 500ms, 30s, 5m, 1h or 1d"
            })
    void anExpectationThatCannotBeMeantIsAProblem(String expect, String problems) throws IOException {
        assertEquals(
                List.of(problems.split("; (?=5:)", -1)),
                bench.problemsOfSteps("- {times: 25, send: {user: a}, expect: " + expect + "}\n"));
    }

    @Test
    void aCaseMayBeginAndEndInTheWholeRangeOfTimes() throws Exception {
        assertEquals(List.of(), bench.play("""
                - {until: 2199-12-31T23:59:59Z}
                - {send: {user: a}, expect: allowed}
                """));
    }

    @Test
    void theDomainMayBeLeftOutWhereThereIsOnlyOne() throws IOException {
        assertEquals(
                List.of("1:9: unknown domain `llms`; the policy has llm"), bench.problems("domain: llms\n" + SOUND));
        Path policies = Files.createDirectory(folder.resolve("policies"));
        Files.copy(bench.policy(), policies.resolve("a.yaml"));
        Files.writeString(
                policies.resolve("b.yaml"), "domain: api\nlimits: [{name: a, tier: global, allow: 1 requests / 1s}]\n");

        assertEquals(
                List.of("1:1: the policy has several domains; add for example `domain: api, llm`"),
                bench.problems(SOUND.replace("policy.yaml", "policies")));
    }

    @Test
    void theProblemsOfAPolicyAreToldOnceBesideThoseOfTheCases() throws IOException {
        Files.writeString(bench.policy(), "domain: llm\n");
        Path first = bench.write("a.yaml", SOUND);
        Path second = bench.write("b.yaml", SOUND.replace("expect: allowed", "expect: {refused: whatever}, tims: 2"));

        ConfigException e =
                assertThrows(ConfigException.class, () -> CaseFileReader.read(List.of(first, second), null));

        assertEquals(
                List.of(
                        "b.yaml:5:60: unknown key `tims`; did you mean `times`? Known here: send, hits, times, every, as, expect",
                        "policy.yaml:1:1: `limits` is missing; add for example `limits: []`"),
                e.problems().stream().map(bench::inShort).toList());
    }

    @Test
    void aFileThatIsNotThereIsAProblem() throws IOException {
        assertEquals(
                List.of("nowhere.yaml: does not exist"), bench.problems(SOUND.replace("policy.yaml", "nowhere.yaml")));
        assertEquals(
                List.of("1:9: this cannot be the name of a file; write for example policy.yaml"),
                bench.problems(SOUND.replace("policy.yaml", "\"\\0\"")));
        ConfigException e = assertThrows(
                ConfigException.class, () -> CaseFileReader.read(List.of(folder.resolve("no.yaml")), null));
        assertEquals("no.yaml: does not exist", bench.inShort(e.problems().get(0)));
    }

    @Test
    void ofAFolderPoliciesAreLeftOutAndAFileIsReadOnce() throws Exception {
        Path file = bench.write("cases.yml", SOUND);

        List<CaseFile> files = CaseFileReader.read(List.of(folder, file), null);

        assertEquals(
                List.of(file.toString()), files.stream().map(CaseFile::name).toList());
    }

    @Test
    void aFolderWithoutCasesIsAProblem() {
        ConfigException e = assertThrows(ConfigException.class, () -> CaseFileReader.read(List.of(folder), null));

        assertEquals(folder + ": error file: holds no *.yaml or *.yml file with cases", e.getMessage());
    }

    @Test
    void anotherPolicyMayTakeThePlaceOfThatInTheFile() throws Exception {
        Path file = bench.write("cases.yaml", SOUND.replace("policy.yaml", "nowhere.yaml"));

        CaseFile read = CaseFileReader.read(List.of(file), bench.policy()).get(0);

        assertEquals(bench.policy().toString(), read.policyName());
        assertEquals("llm", read.domain().name());
    }
}

package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** R5.8: what can be wrong in conditions, modes, tiers and answers, each with its place and what to do. */
class LanguageProblemsTest {
    @TempDir
    Path folder = Path.of("");

    static Stream<Arguments> fieldsAndProblems() {
        return Stream.of(
                Arguments.of(
                        "when: {team: []}",
                        "3:14: error condition: a list without values is met by nothing; add a value or remove `team`"),
                Arguments.of(
                        "when: {team: {}}",
                        "3:14: error condition: a condition is a value, a list of values, or {not: ...}"),
                Arguments.of(
                        "when: {team: {nto: a}}",
                        "3:14: error condition: unknown condition `nto`; did you mean `not`? Known here: not"),
                Arguments.of(
                        "when: {team: {not: a, is: b}}",
                        "3:14: error condition: unknown condition `is`; known here: not"),
                Arguments.of(
                        "when: {team: {not: [a, \"*\"]}}",
                        "3:24: error condition: no value is none of all; write what must not be there, or remove `team`"),
                Arguments.of(
                        "when: {team: [a, b, a]}",
                        "3:21: error condition: `a` stands in this list already; remove one"),
                Arguments.of("when: {team: [[a]]}", "3:15: error kind: expected a text here, found a list"),
                Arguments.of(
                        "when: {weir.x: a}",
                        "3:7: error attribute: `weir.x`: names that start with `weir.` steer Weir and cannot be limited; choose another attribute"),
                Arguments.of(
                        "mode: {enforce: 25%}", "3:7: error missing-key: `of` is missing; add for example `of: team`"),
                Arguments.of(
                        "mode: {enforce: 25, of: team}",
                        "3:17: error mode: `25` is not a share from 0% to 100%; write for example 25% or 0.5%"),
                Arguments.of(
                        "mode: {enforce: 100.01%, of: team}",
                        "3:17: error mode: `100.01%` is not a share from 0% to 100%; write for example 25% or 0.5%"),
                Arguments.of(
                        "mode: {enforce: -1%, of: team}",
                        "3:17: error mode: `-1%` is not a share from 0% to 100%; write for example 25% or 0.5%"),
                Arguments.of("mode: [shadow]", "3:7: error kind: expected a text here, found a list"),
                Arguments.of("default: maybe", "3:10: error value: `maybe` is neither true nor false"),
                Arguments.of(
                        "answer: {status: 200}",
                        "3:18: error answer: `200` is not a status from 400 to 599; write for example 429"),
                Arguments.of(
                        "answer: {massage: x}",
                        "3:10: error unknown-key: unknown key `massage`; did you mean `message`? Known here: message, body, status"),
                Arguments.of(
                        "answer: {message: \"{limt}\"}",
                        "3:19: error answer: unknown variable `limt`; did you mean `limit`? Known here: limit, tier, allows, measure, window, used, asked, remaining, retry_after, reset, reason, comment"),
                Arguments.of(
                        "answer: {message: \"{message}\"}",
                        "3:19: error answer: unknown variable `message`; known here: limit, tier, allows, measure, window, used, asked, remaining, retry_after, reset, reason, comment"),
                Arguments.of("comment: [a]", "3:10: error kind: expected a text here, found a list"),
                Arguments.of("ignore: [a]", "3:9: error kind: expected `key: value` pairs here, found a list"),
                Arguments.of(
                        "ignore: {a: }",
                        "3:12: error kind: expected a text here, found nothing; write one, or leave it out"));
    }

    @ParameterizedTest
    @MethodSource("fieldsAndProblems")
    void whatIsWrongInALimitHasItsPlaceAndWhatToDo(String field, String problem) throws Exception {
        String key = field.substring(0, field.indexOf(':'));
        String limit = "{name: a, tier: user, allow: 1 requests / 1s, " + "\n" + field + "}";

        assertEquals(List.of(problem), problems("domain: llm\nlimits: [" + limit + "]\n"), key);
    }

    @Test
    void whatIsWrongInTheSettingsOfADomainHasItsPlaceAndWhatToDo() throws Exception {
        assertEquals(
                List.of(
                        "2:15: error tier: `user` stands in this list already; remove one",
                        "2:21: error tier: `a b`: a tier has letters, digits, dots, dashes and underscores only; it goes into headers and metrics",
                        "3:20: error answer: unknown headers `servce`; did you mean `service`? Known here: service, envoy, none",
                        "3:36: error answer: unknown errors `cohere`; known here: openai, anthropic, gemini",
                        "4:8: error value: `yes` is neither true nor false",
                        "5:11: error attribute: `weir.x`: names that start with `weir.` steer Weir and cannot be limited; choose another attribute",
                        "6:11: error answer: unknown overload `deny`; known here: error, refuse, allow",
                        "7:26: error tier: unknown tier `global`; known here: user"),
                problems("""
                        domain: llm
                        tiers: [user, user, a b]
                        answers: {headers: servce, errors: cohere}
                        admit: yes
                        metrics: [weir.x]
                        overload: deny
                        limits: [{name: a, tier: global, allow: 1 requests / 1s}]
                        """));
    }

    private List<String> problems(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
        return assertThrows(ConfigException.class, () -> PolicyReader.read(file)).problems().stream()
                .map(problem -> problem.toString().replaceFirst("^.*p\\.yaml:", ""))
                .toList();
    }
}

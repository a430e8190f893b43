package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R2.9: limits that make no difference beside others. */
class NeverBindsTest {
    @Test
    void aLimitBesideOneThatAlwaysRefusesTooIsToldWithThatOne() {
        assertEquals(
                List.of("4:5: warning never-binds: limit `hour` makes no difference: whenever it refuses, `minute`,"
                        + " which allows 10 requests / 1m, refuses too; remove one or change an amount"),
                Found.in(
                        "  - {name: minute, tier: user, per: [user], allow: 10 requests / 1m}",
                        "  - {name: hour, tier: user, per: [user], allow: 600 requests / 1h}"));
        assertEquals(
                List.of(),
                Found.in(
                        "  - {name: minute, tier: user, per: [user], allow: 10 requests / 1m}",
                        "  - {name: hour, tier: user, per: [user], allow: 599 requests / 1h}"));
    }

    @Test
    void ofTwoThatAreAlikeTheLaterOneIsSuperfluous() {
        assertEquals(
                List.of("3"), lines("{tier: team, allow: 10 requests / 1m}", "{tier: user, allow: 10 requests / 1m}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "all of them are counted elsewhere | '' | , per: [user] | 10 requests / 1m | 10 requests / 1m",
                "a part of them is | , per: [user] | ', per: [user], when: {model: a}' | 10 requests / 1m | 10 requests / 1m",
                "parallel | , per: [user] | , per: [user] | 5 parallel | 6 parallel",
                "tokens that are held alike | , estimate: 1 | , estimate: 1 | 10 tokens / 1m | 10 tokens / 1m",
                "fixed windows | ', algorithm: fixed_window' | ', algorithm: fixed_window' | 10 requests / 1h | 240 requests / 1d",
                "calendar | '' | ', algorithm: fixed_window' | 1 requests / 1h | 800 requests / 1 month",
                "one calendar | ', algorithm: fixed_window' | ', algorithm: fixed_window' | 7 requests / 1 day | 8 requests / 1 day",
                "a token bucket and all that flows back while cells count | ', algorithm: token_bucket' | '' | 10 requests / 1s | 620 requests / 1m",
                "token buckets of one rate | ', algorithm: token_bucket' | ', algorithm: token_bucket, burst: 80' | 60 requests / 1m | 1 requests / 1s",
                "shadow | '' | ', mode: shadow' | 10 requests / 1m | 20 requests / 1m"
            })
    void theSecondIsSuperfluous(String why, String one, String two, String allowsOne, String allowsTwo) {
        assertEquals(List.of("4"), both(one, two, allowsOne, allowsTwo));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "others are counted | , per: [team] | , per: [user] | 10 requests / 1m | 10 requests / 1m",
                "not all are counted | ', when: {model: a}' | '' | 10 requests / 1m | 20 requests / 1m",
                "shadow refuses nobody | ', mode: shadow' | '' | 10 requests / 1m | 20 requests / 1m",
                "a share | ', mode: {enforce: 50%, of: user}, per: [user]' | , per: [user] | 10 requests / 1m | 20 requests / 1m",
                "a default gives way | ', default: true' | '' | 10 requests / 1m | 20 requests / 1m",
                "another measure | '' | '' | 10 requests / 1m | 20 parallel",
                "tokens may be more than was held | , estimate: 1 | , estimate: 1 | 10 tokens / 1m | 700 tokens / 1h",
                "tokens that are held otherwise | , estimate: 2 | , estimate: 1 | 10 tokens / 1m | 10 tokens / 1m",
                "tokens charged at another time | , estimate: 0 | ', charge: after' | 10 tokens / 1m | 10 tokens / 1m",
                "a window may meet three periods | ', algorithm: fixed_window' | '' | 10 requests / 1m | 19 requests / 1m",
                "what flows back while cells count | ', algorithm: token_bucket' | '' | 10 requests / 1s | 619 requests / 1m",
                "a month has 31 days | ', algorithm: fixed_window' | ', algorithm: fixed_window' | 1 requests / 1h | 744 requests / 1 month"
            })
    void theSecondIsNot(String why, String one, String two, String allowsOne, String allowsTwo) {
        assertEquals(List.of(), both(one, two, allowsOne, allowsTwo));
    }

    @Test
    void aGlobalLimitStaysWhereADescriptorBringsALimitAlong() {
        assertEquals(
                List.of(), lines("{tier: user, allow: 10 requests / 1m}", "{tier: global, allow: 20 requests / 1m}"));
        assertEquals(
                List.of("3"),
                lines("{tier: user, allow: 20 requests / 1m}", "{tier: global, allow: 10 requests / 1m}"));
    }

    @Test
    void aDefaultThatAlwaysGivesWayIsTold() {
        assertEquals(
                List.of(
                        "3:5: warning default-never-binds: limit `any` never holds: it gives way to `own`, which applies"
                                + " wherever it does; narrow that one's `when` or remove one"),
                Found.in(
                        "  - {name: any, tier: key, per: [key], default: true, allow: 5 requests / 1m}",
                        "  - {name: own, tier: key, per: [key], allow: 9 requests / 1m}"));
        assertEquals(
                List.of(),
                Found.in(
                        "  - {name: any, tier: key, per: [key], default: true, allow: 5 requests / 1m}",
                        "  - {name: own, tier: key, per: [key], when: {key: a}, allow: 9 requests / 1m}"));
    }

    private static List<String> both(String one, String two, String allowsOne, String allowsTwo) {
        return lines(
                "{tier: user" + text(one) + ", allow: " + allowsOne + "}",
                "{tier: user" + text(two) + ", allow: " + allowsTwo + "}");
    }

    private static String text(String field) {
        return field == null ? "" : field;
    }

    /** The lines of the limits that never bind. */
    private static List<String> lines(String one, String two) {
        return Found.in(
                        "  - " + one.replaceFirst("\\{", "{name: one, "),
                        "  - " + two.replaceFirst("\\{", "{name: two, "))
                .stream()
                .filter(problem -> problem.contains(" never-binds: "))
                .map(problem -> problem.substring(0, problem.indexOf(':')))
                .toList();
    }
}

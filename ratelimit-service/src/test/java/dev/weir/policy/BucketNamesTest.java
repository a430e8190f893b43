package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.measure.Measure;
import dev.weir.request.Attributes;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** R3.8: what is limited apart is counted apart. */
class BucketNamesTest {
    private static final Algorithm MINUTE = new Algorithm.SlidingWindow(20, 60_000_000);

    /** As text from the wire may be: bytes that are not UTF-8 are lone surrogates. */
    private static final List<String> PARTS = List.of(
            "",
            "a",
            "b",
            "A",
            ":",
            "a:",
            ":a",
            "a:b",
            "::",
            "%",
            "%3a",
            "%3A",
            "%25",
            "%253a",
            "{",
            "}",
            "{}",
            "}:",
            "/",
            " ",
            "\n",
            "\t",
            "\u0000",
            "\u007f",
            "é",
            "e\u0301",
            "\u00a0",
            "\u20ac",
            "\ud83d\ude00",
            "?",
            "\udc80",
            "\udcff",
            "\udc80\udc80",
            "\udce2\udc82",
            "a\udcff",
            "\udcffa",
            "%ff",
            "%80",
            "ÿ",
            "\u0080");

    @Test
    void aBucketIsNamedAfterDomainLimitAlgorithmWindowAndValues() {
        assertEquals(
                "w1:{llm}:user-requests:sliding_window/60000000:user:alice",
                BucketNames.of(limit(List.of("user")), Attributes.of("team", "x", "user", "alice")));
    }

    @Test
    void whatIsNotPlainIsWrittenAsItsBytes() {
        assertEquals(
                "w1:{llm}:user-requests:sliding_window/60000000:user:%80%81%ff%c3%a9%25%3a",
                BucketNames.of(limit(List.of("user")), Attributes.of("user", "\udc80\udc81\udcffé%:")));
    }

    @Test
    void noTwoListsOfValuesShareAName() {
        Map<String, List<String>> names = new HashMap<>();
        Limit limit = limit(List.of("x", "y"));
        for (String x : PARTS) {
            for (String y : PARTS) {
                String name = BucketNames.of(limit, Attributes.of("x", x, "y", y));
                assertEquals(null, names.put(name, List.of(x, y)), name);
            }
        }
        assertEquals(PARTS.size() * PARTS.size(), names.size());
    }

    @Test
    void noTwoDomainsLimitsOrAttributesShareAName() {
        Map<String, List<String>> names = new HashMap<>();
        for (String x : PARTS) {
            for (String y : PARTS) {
                String name = BucketNames.prefix(x, y, MINUTE, List.of());
                assertEquals(null, names.put(name, List.of(x, y)), name);
            }
        }
        assertNotEquals(
                BucketNames.prefix("llm", "a", MINUTE, List.of("b", "c")),
                BucketNames.prefix("llm", "a", MINUTE, List.of("b:c")));
    }

    @Test
    void anotherWindowIsAnotherBucket() {
        assertNotEquals(
                BucketNames.prefix("llm", "a", MINUTE, List.of()),
                BucketNames.prefix("llm", "a", new Algorithm.SlidingWindow(20, 1_000_000), List.of()));
    }

    @Test
    void anotherAlgorithmPeriodOrTimeZoneIsAnotherBucket() {
        List<Algorithm> algorithms = List.of(
                MINUTE,
                Algorithm.TokenBucket.of(20, 60_000_000, 20),
                new Algorithm.FixedWindow(20, new Periods.Every(60_000_000)),
                new Algorithm.FixedWindow(20, new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("UTC"))),
                new Algorithm.FixedWindow(20, new Periods.Calendar(ChronoUnit.WEEKS, ZoneId.of("UTC"))),
                new Algorithm.FixedWindow(20, new Periods.Calendar(ChronoUnit.DAYS, ZoneId.of("Europe/Berlin"))));
        long names = algorithms.stream()
                .map(algorithm -> BucketNames.prefix("llm", "a", algorithm, List.of()))
                .distinct()
                .count();
        assertEquals(algorithms.size(), names);
    }

    @Test
    void anotherAmountIsTheSameBucket() {
        assertEquals(
                BucketNames.prefix("llm", "a", MINUTE, List.of()),
                BucketNames.prefix("llm", "a", new Algorithm.SlidingWindow(40, 60_000_000), List.of()));
    }

    @Test
    void aNameIsPrintableAsciiWithOneHashTag() {
        for (String part : PARTS) {
            String name = BucketNames.prefix(part, part, MINUTE, List.of(part));
            assertTrue(name.matches("[\\x21-\\x7e]+"), name);
            assertEquals(name.indexOf('{'), name.lastIndexOf('{'), name);
            assertEquals(name.indexOf('}'), name.lastIndexOf('}'), name);
        }
    }

    @Test
    void aLongPartMakesNoLongNameAndStaysApart() {
        Limit limit = limit(List.of("user"));
        String one = BucketNames.of(limit, Attributes.of("user", "x".repeat(60_000)));
        String other = BucketNames.of(limit, Attributes.of("user", "x".repeat(60_001)));
        assertNotEquals(one, other);
        assertTrue(one.length() < 150, one);
        assertNotEquals(
                BucketNames.of(limit, Attributes.of("user", "\udcff".repeat(200))),
                BucketNames.of(limit, Attributes.of("user", "\udcfe".repeat(200))));
    }

    @Test
    void aReservationIsInTheSlotOfItsDomain() {
        assertTrue(BucketNames.reservation("l}m", "id").startsWith("w1:{l%7dm}"));
    }

    /** The id comes from outside; it must not reach a bucket, whatever the bucket's limit is called. */
    @Test
    void noReservationIsNamedLikeABucket() {
        assertNotEquals(
                BucketNames.prefix("llm", "reservation", MINUTE, List.of()),
                BucketNames.reservation("llm", "sliding_window/60000000"));
    }

    @Test
    void anAttributeThatTheLimitNeedsMustBeThere() {
        assertThrows(
                IllegalArgumentException.class,
                () -> BucketNames.of(limit(List.of("user")), Attributes.of("team", "x")));
    }

    private static Limit limit(List<String> per) {
        return new Limit(
                "user-requests",
                0,
                Tier.GLOBAL,
                Scope.of(per),
                new Allowance(20, Measure.REQUESTS, new Window.Length("1m", 60_000_000)),
                Estimate.NONE,
                MINUTE,
                BucketNames.prefix("llm", "user-requests", MINUTE, per),
                Wording.NONE,
                Source.NONE);
    }

    /** They are remembered, in far fewer places. */
    @Test
    void theNamesOfManyCallersStayApart() {
        Limit user = limit(List.of("user"));
        String first = BucketNames.of(user, Attributes.of("user", "0"));
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 20_000; i++) {
                String name = BucketNames.of(user, Attributes.of("user", Integer.toString(i)));
                assertEquals(user.bucketPrefix() + ":" + i, name);
            }
        }
        assertEquals(first, BucketNames.of(user, Attributes.of("user", "0")));
    }
}

package dev.weir.tools.lint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ten thousand limits are checked in seconds: no rule compares every one with every other. */
class LargePolicyTest {
    private static final int LIMITS = 10_000;
    /** Of a busy machine. Alone each takes less than 4 s; comparing all pairs took 25 to 120 s. */
    private static final Duration MOST = Duration.ofSeconds(20);

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of("{name: k%1$d, tier: key, per: [key], when: {key: k%1$d}, allow: 9 requests / 1m}", 0),
                Arguments.of(
                        "{name: d%1$d, tier: team, per: [team], when: {team: t%2$d, model: m%3$d},"
                                + " allow: 9k tokens / 1 day, algorithm: fixed_window, estimate: 1}",
                        1_001),
                Arguments.of(
                        "{name: u%1$d, tier: user, per: [user], when: {service: s%1$d}, allow: 9 requests / 1m, default: true}",
                        0),
                Arguments.of(
                        "{name: g%1$d, tier: global, when: {service: s%1$d}, allow: 9 requests / 1h, burst: 4,"
                                + " algorithm: token_bucket}",
                        0),
                Arguments.of("{name: a%1$d, tier: user, per: [user], allow: %4$d requests / 1m}", 1_001));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void tenThousandLimitsAreCheckedInSeconds(String shape, int problems) {
        String[] limits = IntStream.range(0, LIMITS)
                .mapToObj(i -> "  - " + shape.formatted(i, i / 10, i % 10, 10 + i))
                .toArray(String[]::new);

        List<String> found = assertTimeout(MOST, () -> Found.in(limits));

        assertEquals(problems, found.size());
    }
}

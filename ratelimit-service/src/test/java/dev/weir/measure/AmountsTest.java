package dev.weir.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AmountsTest {
    @Test
    void whatNobodyToldIsNotKnown() {
        Amounts amounts = Amounts.of(Measure.TOKENS, 30);

        assertEquals(30, amounts.of(Measure.TOKENS));
        assertEquals(Amounts.UNKNOWN, amounts.of(Measure.PROMPT_TOKENS));
        assertEquals(1, amounts.size());
    }

    @Test
    void promptAndCompletionAreTogetherTheTokensThatNobodyTold() {
        Amounts parts = Amounts.of(Measure.PROMPT_TOKENS, 30).and(Measure.COMPLETION_TOKENS, 12);

        assertEquals(42, parts.of(Measure.TOKENS));
        assertEquals(3, parts.size());
        assertEquals(50, parts.and(Measure.TOKENS, 50).of(Measure.TOKENS), "who tells them knows better");
    }

    @Test
    void onePartIsNotAllOfThem() {
        Amounts prompt = Amounts.of(Measure.PROMPT_TOKENS, 30).and(Measure.CACHED_TOKENS, 5);

        assertEquals(Amounts.UNKNOWN, prompt.of(Measure.TOKENS));
    }

    @Test
    void ofTwoAmountsOfAMeasureTheFirstHolds() {
        Amounts amounts =
                Amounts.of(Measure.TOKENS, 1).and(Amounts.of(Measure.TOKENS, 2).and(Measure.REQUESTS, 3));

        assertEquals(Amounts.of(Measure.TOKENS, 1).and(Measure.REQUESTS, 3), amounts);
        assertNotEquals(Amounts.of(Measure.TOKENS, 2).and(Measure.REQUESTS, 3), amounts);
        assertEquals("3 requests, 1 tokens", amounts.toString());
    }

    @ParameterizedTest
    @EnumSource
    void aMeasureIsFoundByItsWord(Measure measure) {
        assertEquals(measure, Measure.of(measure.word()));
        assertNull(Measure.of(measure.word() + "s"));
    }

    @Test
    void theCodesInRedisAreWhatTheyEverWere() {
        assertEquals(
                "[requests 1, tokens 2, prompt_tokens 3, cached_tokens 4, completion_tokens 5, parallel 6]",
                Arrays.toString(Arrays.stream(Measure.values())
                        .map(measure -> measure.word() + " " + measure.code())
                        .toArray()));
    }
}

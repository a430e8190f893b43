package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.policy.Allowance;
import dev.weir.policy.Estimate;
import dev.weir.request.Attributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenDemandTest {
    private static final long MOST = 40_000;
    private static final Estimate ESTIMATE = new Estimate(500, false);

    private static long held(String... namesAndValues) {
        return held(ESTIMATE, namesAndValues);
    }

    private static long held(Estimate estimate, String... namesAndValues) {
        return TokenDemand.of(Attributes.of(namesAndValues)).held(estimate, MOST);
    }

    @Test
    void theLargestThatARequestSaysOfItsAnswerIsHeld() {
        for (String name : Attributes.MOST_TOKENS) {
            assertEquals(90_000, held(name, "90000"), name);
        }
        assertEquals(100_000, held("max_tokens", "100000", "max_completion_tokens", "1"));
        assertEquals(100_000, held("max_tokens", "1", "num_predict", "0", "max_output_tokens", "100000"));
    }

    @Test
    void itIsHeldForEachAnswerThatARequestAsksFor() {
        for (String name : Attributes.ANSWERS) {
            assertEquals(5_000, held("max_tokens", "100", name, "50"), name);
            assertEquals(25_000, held(name, "50"), "the estimate, too: " + name);
        }
        assertEquals(2_000, held("max_tokens", "100", "n", "2", "best_of", "20"));
        assertEquals(100, held("max_tokens", "100", "n", "0"), "no answer at all is none that a provider knows");
    }

    @Test
    void thePromptIsHeldByItsSize() {
        assertEquals(100_001, held("max_tokens", "1", "prompt_bytes", "400000"));
        assertEquals(2, held("max_tokens", "1", "prompt_bytes", "1"), "rounded up");
        assertEquals(1, held("max_tokens", "1", "prompt_bytes", "0"));
        assertEquals(600, held("prompt_bytes", "400"), "beside the estimate");
        assertEquals(300, held("max_tokens", "100", "n", "2", "prompt_bytes", "400"), "once for all answers");
    }

    @Test
    void aLimitSaysHowManyBytesAreATokenOrThatPromptsAreNotHeld() {
        assertEquals(201, held(new Estimate(500, false, 2), "max_tokens", "1", "prompt_bytes", "400"));
        assertEquals(1, held(new Estimate(500, false, Estimate.NOT_HELD), "max_tokens", "1", "prompt_bytes", "400"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"unknown", "", "-1", "%BYTES_RECEIVED%", "1e9", "99999999999999999999"})
    void aSizeThatNobodyKnowsCountsAsTheEstimate(String bytes) {
        assertEquals(501, held("max_tokens", "1", "prompt_bytes", bytes));
        assertEquals(1_000, held("prompt_bytes", bytes));
    }

    @Test
    void anEstimateTakesNoMoreThanThePromptLeavesOfAnEmptyBucket() {
        assertEquals(MOST, held(new Estimate(MOST - 1, false), "n", "2"), "however many answers are guessed");
        assertEquals(MOST, held(new Estimate(2 * MOST, false), "max_tokens", "7", "prompt_bytes", "unknown"));
        assertEquals(MOST, held(new Estimate(MOST, false), "prompt_bytes", "400"));
        assertEquals(100_000, held("prompt_bytes", "400000"), "the prompt itself is no guess");
        assertEquals(MOST + 100, held("max_tokens", "40000", "prompt_bytes", "400"), "nor is what a request says");
    }

    @Test
    void whatIsTooLargeToCountIsHeldAsTheLargestAmount() {
        String largest = Long.toString(Allowance.MAX_AMOUNT);
        assertEquals(Allowance.MAX_AMOUNT, held("max_tokens", largest, "n", largest));
        assertEquals(Allowance.MAX_AMOUNT, held("max_tokens", largest, "prompt_bytes", largest));
    }

    @ParameterizedTest
    @CsvSource({
        "max_tokens, unreadable",
        "max_completion_tokens, -1",
        "max_output_tokens, 5.500000",
        "num_predict, -1",
        "options.num_predict, NaN",
        "generationConfig.maxOutputTokens, 18446744073709551616.000000",
        "n, many",
        "best_of, 1e3",
        "generationConfig.candidateCount, -0"
    })
    void whatIsNoNumberIsUnreadable(String name, String value) {
        assertEquals(
                name, TokenDemand.of(Attributes.of("model", "m", name, value)).unreadable());
    }

    @Test
    void oneFigureThatCannotBeReadIsEnough() {
        assertEquals(
                "n",
                TokenDemand.of(Attributes.of("max_tokens", "5", "n", "many")).unreadable());
        assertEquals(
                "num_predict",
                TokenDemand.of(Attributes.of("max_tokens", "5", "num_predict", "-1"))
                        .unreadable());
    }
}

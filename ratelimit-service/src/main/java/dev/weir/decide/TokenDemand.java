package dev.weir.decide;

import dev.weir.policy.Allowance;
import dev.weir.policy.Estimate;
import dev.weir.request.Attributes;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a request says it may use: how long an answer may be, how many answers there are, how long the prompt is.
 *
 * @param answer the most tokens of one answer; -1 where the request does not say
 * @param answers the number of answers, at least 1
 * @param promptBytes the length of the prompt; -1 where nobody states it, {@value #UNKNOWN} where what is stated is no number
 * @param unreadable the first name whose value is no number; null where there is none, and then all figures count
 */
record TokenDemand(
        long answer,
        long answers,
        long promptBytes,
        @Nullable String unreadable) {
    private static final long UNKNOWN = -2;

    static TokenDemand of(Attributes attributes) {
        String unreadable = null;
        long answer = -1;
        for (String name : Attributes.MOST_TOKENS) {
            String said = attributes.get(name);
            if (said != null) {
                long tokens = MaxTokens.parse(said);
                unreadable = tokens < 0 && unreadable == null ? name : unreadable;
                answer = Math.max(answer, tokens);
            }
        }
        long answers = 1;
        for (String name : Attributes.ANSWERS) {
            String said = attributes.get(name);
            if (said != null) {
                long count = MaxTokens.parse(said);
                unreadable = count < 0 && unreadable == null ? name : unreadable;
                answers = Math.max(answers, count);
            }
        }
        String bytes = attributes.get(Attributes.PROMPT_BYTES);
        long promptBytes = bytes == null ? -1 : MaxTokens.parse(bytes);
        return new TokenDemand(answer, answers, bytes != null && promptBytes < 0 ? UNKNOWN : promptBytes, unreadable);
    }

    /**
     * Returns how many tokens to hold, at most {@link Allowance#MAX_AMOUNT}. The estimate takes the place of what is not known, but all
     * guesses together are no more than an empty bucket has room for beside what is known: a guess is no reason to refuse for ever.
     *
     * @param most what an empty bucket takes
     */
    long held(Estimate estimate, long most) {
        boolean holdsPrompt = estimate.bytesPerToken() != Estimate.NOT_HELD;
        long knownPrompt = holdsPrompt && promptBytes >= 0 ? tokens(promptBytes, estimate.bytesPerToken()) : 0;
        long guessedPrompt = holdsPrompt && promptBytes == UNKNOWN ? estimate.amount() : 0;
        long knownAnswers = answer >= 0 ? times(answer, answers) : 0;
        long guessedAnswers = answer >= 0 ? 0 : times(estimate.amount(), answers);
        long known = Math.min(Allowance.MAX_AMOUNT, knownPrompt + knownAnswers);
        return known + Math.min(guessedPrompt + guessedAnswers, Math.max(0, most - known));
    }

    private static long tokens(long bytes, long bytesPerToken) {
        return bytes / bytesPerToken + (bytes % bytesPerToken > 0 ? 1 : 0);
    }

    /** Returns the product, at most {@link Allowance#MAX_AMOUNT}. */
    private static long times(long each, long count) {
        return each > Allowance.MAX_AMOUNT / count ? Allowance.MAX_AMOUNT : each * count;
    }
}

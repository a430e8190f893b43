package dev.weir.measure;

import org.jspecify.annotations.Nullable;

/** What a limit counts. A request may be told to have used an amount of each. */
public enum Measure {
    REQUESTS("requests", 1),
    /** LLM tokens of prompt and answer: estimated at admission, settled to the true figure when the answer has ended. */
    TOKENS("tokens", 2),
    /** The tokens of the prompt, those that the provider had in its cache included. */
    PROMPT_TOKENS("prompt_tokens", 3),
    /** The tokens of the prompt that the provider had in its cache. */
    CACHED_TOKENS("cached_tokens", 4),
    /** The tokens of the answer. */
    COMPLETION_TOKENS("completion_tokens", 5),
    /** Requests that are under way at the same time. */
    PARALLEL("parallel", 6);

    private static final Measure[] ALL = values();

    private final String word;
    private final int code;

    Measure(String word, int code) {
        this.word = word;
        this.code = code;
    }

    /** The word for it in policies, settlements, answers and records. */
    public String word() {
        return word;
    }

    /** The number for it in Redis, which is a part of the format of reservations: none is ever given another. */
    public int code() {
        return code;
    }

    /** The measure of this word, or null where there is none. */
    public static @Nullable Measure of(String word) {
        for (Measure measure : ALL) {
            if (measure.word.equals(word)) {
                return measure;
            }
        }
        return null;
    }
}

package dev.weir.measure;

import org.jspecify.annotations.Nullable;

/** A measure that a limit counts. A settlement may tell how much of each a request has used. */
public enum Measure {
    REQUESTS("requests", 1),
    /** LLM tokens of prompt and answer, estimated at admission and settled to the true figure when the answer has ended. */
    TOKENS("tokens", 2),
    /** The tokens of the prompt, including those that the provider had in its cache. */
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

    /** Returns the word for it in policies, settlements, answers and records. */
    public String word() {
        return word;
    }

    /** Returns the number for it in Redis, which is part of the format of reservations and so never changes. */
    public int code() {
        return code;
    }

    /** Returns the measure of this word, or null where there is none. */
    public static @Nullable Measure of(String word) {
        for (Measure measure : ALL) {
            if (measure.word.equals(word)) {
                return measure;
            }
        }
        return null;
    }
}

package dev.weir.policy;

/** What a limit counts. */
public enum Measure {
    REQUESTS,
    /** LLM tokens: estimated at admission, settled to the true figure when the answer has ended. */
    TOKENS,
    /** Requests that are under way at the same time. */
    PARALLEL;

    /** The word for it in policies, answers and records. */
    public String word() {
        return switch (this) {
            case REQUESTS -> "requests";
            case TOKENS -> "tokens";
            case PARALLEL -> "parallel";
        };
    }
}

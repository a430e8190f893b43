package dev.weir.decide;

/** The reason why a request was refused. */
public enum RefusalReason {
    /** A limit is used up for now. */
    OVER_LIMIT("over_limit"),
    /** The request asks for more than a limit ever allows. */
    NEVER_FITS("never_fits"),
    /** No limit could be applied, because attributes that limits need are missing. */
    MISSING_ATTRIBUTES("missing_attributes"),
    /** The request says how many tokens it may use, but not as a number that can be held. */
    UNREADABLE_MAX_TOKENS("unreadable_max_tokens"),
    /** The store has no room for another bucket. */
    STORE_FULL("store_full"),
    /** The store would not have answered in time, and was not asked. */
    OVERLOADED("overloaded");

    private final String word;

    RefusalReason(String word) {
        this.word = word;
    }

    /** Returns the word for it in answers and records. */
    public String word() {
        return word;
    }
}

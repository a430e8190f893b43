package dev.weir.bucket;

/**
 * Says that the store was not asked, because it would not have answered in time. Nothing was charged. It has no stack trace, since it is
 * made when there is most to do.
 */
public final class OverloadedException extends RuntimeException {
    /** The reason why the store was not asked. */
    public enum Shed {
        /** Too much waits already: by the store's pace of late the answer would come too late. */
        TOO_LONG("too_long", "what waits for it already takes longer than this call has"),
        /** The call waited, and its turn did not come in time. */
        WAITED("waited", "the call's turn did not come in time"),
        /** More calls wait than are kept. */
        FULL("full", "as many calls as are kept wait for it already"),
        /** The caller has stopped waiting; nobody hears the answer. */
        GONE("gone", "the caller has stopped waiting");

        private final String word;
        private final String why;

        Shed(String word, String why) {
            this.word = word;
            this.why = why;
        }

        /** Returns its name in metrics. */
        public String word() {
            return word;
        }
    }

    private final Shed shed;

    public OverloadedException(Shed shed) {
        super("overloaded, " + shed.why, null, false, false);
        this.shed = shed;
    }

    public Shed shed() {
        return shed;
    }
}

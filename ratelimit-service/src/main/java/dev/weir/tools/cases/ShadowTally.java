package dev.weir.tools.cases;

import dev.weir.decide.LimitStatus;
import org.jspecify.annotations.Nullable;

/** Counts the calls of a step that one limit would have refused if it were not in shadow for them. */
final class ShadowTally {
    private final String limit;
    private int sent;
    private int refused;
    private boolean asked;
    private @Nullable ObservedDecision lastFitting;
    private @Nullable ObservedDecision lastRefused;

    ShadowTally(String limit) {
        this.limit = limit;
    }

    /** Adds the next decision of the step. */
    void add(ObservedDecision seen) {
        sent++;
        boolean refuses = false;
        for (LimitStatus shadow : seen.decision().shadows()) {
            if (shadow.limit().name().equals(limit)) {
                asked = true;
                refuses |= shadow.level().refuses();
            }
        }
        if (refuses) {
            refused++;
            lastRefused = seen;
        } else {
            lastFitting = seen;
        }
    }

    /** Returns whether the limit would have refused more or fewer calls than expected. */
    boolean isOther(int expected) {
        return refused != expected;
    }

    /** Returns the last decision of the kind that came too often. */
    @Nullable
    ObservedDecision odd(int expected) {
        return refused < expected ? lastFitting : lastRefused;
    }

    /** Returns what was expected and what happened, in words that follow "expected". */
    String words(int expected) {
        String wanted = sent == 1
                ? (expected == 1 ? "" : "not ") + "refused in shadow by " + limit
                : expected + " of " + sent + " refused in shadow by " + limit;
        return wanted + ", " + outcome(expected);
    }

    private String outcome(int expected) {
        ObservedDecision odd = odd(expected);
        if (!asked || odd == null) {
            return "it was not asked in shadow";
        }
        String was = refused < expected ? "it had room" : "it would have refused";
        return sent == 1 ? was : refused + " were; " + was + " at send " + odd.number();
    }
}

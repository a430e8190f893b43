package dev.weir.config;

import java.util.Collection;
import java.util.Optional;

/** Guesses what somebody meant to write. */
public final class Spelling {
    private static final int LONGEST = 64;

    private Spelling() {}

    /** Returns {@code unknown tier `usr`; did you mean `user`? Known here: ...}, without the guess where nothing is near. */
    public static String unknown(String what, String word, Collection<String> known) {
        String guess = nearest(word, known)
                .map(near -> "; did you mean `" + near + "`? Known here: ")
                .orElse("; known here: ");
        return "unknown " + what + " `" + word + "`" + guess + String.join(", ", known);
    }

    /** Finds the known word with the fewest slips of the pen, if they are at most a third of its letters, or one in a short word. */
    public static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int fewest = Integer.MAX_VALUE;
        for (String candidate : known) {
            int slips = slips(word, candidate);
            if (slips < fewest && slips < candidate.length() && 3 * slips <= Math.max(3, candidate.length())) {
                best = candidate;
                fewest = slips;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Counts letters to insert, drop or replace, and neighbours to swap (optimal string alignment). */
    private static int slips(String word, String candidate) {
        int[][] slips = new int[word.length() + 1][candidate.length() + 1];
        for (int i = 0; i <= word.length(); i++) {
            for (int j = 0; j <= candidate.length(); j++) {
                slips[i][j] = i == 0 || j == 0 ? i + j : cheapest(slips, word, candidate, i, j);
            }
        }
        return slips[word.length()][candidate.length()];
    }

    private static int cheapest(int[][] slips, String word, String candidate, int i, int j) {
        boolean same = word.charAt(i - 1) == candidate.charAt(j - 1);
        int cheapest = Math.min(slips[i - 1][j - 1] + (same ? 0 : 1), 1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
        boolean swapped = i > 1
                && j > 1
                && word.charAt(i - 1) == candidate.charAt(j - 2)
                && word.charAt(i - 2) == candidate.charAt(j - 1);
        return swapped ? Math.min(cheapest, slips[i - 2][j - 2] + 1) : cheapest;
    }
}

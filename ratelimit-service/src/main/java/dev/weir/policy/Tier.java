package dev.weir.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A place in the order of evaluation: of several tiers that refuse, the answer names the first.
 *
 * @param word the word for it in policies, answers, records and metrics
 * @param rank its place among the tiers of its domain, from 0
 */
public record Tier(String word, int rank) implements Comparable<Tier> {
    private static final Comparator<Tier> IN_ORDER = Comparator.comparingInt(Tier::rank);
    private static final String EVERYBODY = "global";

    /** The order of a domain that has none of its own (R5.1). */
    public static final List<String> WORDS = List.of("ip", "key", "consumer_group", "user", "team", EVERYBODY);

    /** The tier after all others. */
    public static final Tier GLOBAL = new Tier(EVERYBODY, Integer.MAX_VALUE);

    public static List<Tier> inOrder(List<String> words) {
        List<Tier> tiers = new ArrayList<>();
        for (String word : words) {
            tiers.add(new Tier(word, tiers.size()));
        }
        return tiers;
    }

    /** Returns whether its limits protect everybody, so that no descriptor may put a limit of its own in their place. */
    public boolean isGlobal() {
        return word.equals(EVERYBODY);
    }

    @Override
    public int compareTo(Tier other) {
        return IN_ORDER.compare(this, other);
    }
}

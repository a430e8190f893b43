package dev.weir.policy;

import java.util.List;

/**
 * What a domain says beside its limits.
 *
 * @param admit whether external authorization charges the limits in the same call
 * @param metrics attributes whose values become labels
 */
public record Settings(Answers answers, boolean admit, List<String> metrics) {
    public static final Settings DEFAULT = new Settings(Answers.DEFAULT, false, List.of());

    public Settings {
        metrics = List.copyOf(metrics);
    }
}

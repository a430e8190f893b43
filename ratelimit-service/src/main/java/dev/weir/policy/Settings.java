package dev.weir.policy;

import java.util.List;
import java.util.Map;

/**
 * The settings of a domain, beside its limits.
 *
 * @param admit whether external authorization charges the limits in the same call
 * @param metrics attributes whose values become labels
 * @param overload the answer when the store is overloaded
 * @param headers by attribute, the header that the policy consents to take it from although clients can write it
 */
public record Settings(
        Answers answers, boolean admit, List<String> metrics, Overload overload, Map<String, String> headers) {
    public static final Settings DEFAULT = new Settings(Answers.DEFAULT, false, List.of(), Map.of());

    public Settings {
        metrics = List.copyOf(metrics);
        headers = Map.copyOf(headers);
    }

    /** Makes settings that answer with an error when the store is overloaded. */
    public Settings(Answers answers, boolean admit, List<String> metrics, Map<String, String> headers) {
        this(answers, admit, metrics, Overload.ERROR, headers);
    }
}

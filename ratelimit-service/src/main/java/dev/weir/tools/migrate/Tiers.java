package dev.weir.tools.migrate;

import dev.weir.policy.Tier;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Finds the tier of a limit by what its keys are called. */
final class Tiers {
    /** The tier of what holds for everybody, and of limits whose keys name none. */
    static final String EVERYBODY = Tier.GLOBAL.word();

    private static final Map<String, String> BY_WORD = Map.ofEntries(
            Map.entry("ip", "ip"),
            Map.entry("address", "ip"),
            Map.entry("key", "key"),
            Map.entry("apikey", "key"),
            Map.entry("token", "key"),
            Map.entry("group", "consumer_group"),
            Map.entry("user", "user"),
            Map.entry("account", "user"),
            Map.entry("sub", "user"),
            Map.entry("team", "team"),
            Map.entry("org", "team"),
            Map.entry("tenant", "team"));

    /** Keys that say how a request was described and nothing about who sent it. */
    private static final List<String> NOBODY = List.of("generic_key", "header_match");

    private Tiers() {}

    /** Returns the first tier, in the order of evaluation, of those that its keys name. */
    static String of(Route route) {
        return route.keys().stream()
                .filter(key -> !NOBODY.contains(key))
                .flatMap(key -> List.of(key.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)).stream())
                .filter(BY_WORD::containsKey)
                .map(BY_WORD::get)
                .min(Comparator.comparingInt(Tier.WORDS::indexOf))
                .orElse(EVERYBODY);
    }

    static String earlier(String one, String other) {
        return Tier.WORDS.indexOf(one) <= Tier.WORDS.indexOf(other) ? one : other;
    }
}

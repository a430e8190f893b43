package dev.weir.policy.descriptors;

import dev.weir.config.Rule;
import java.util.List;

/** The rules for files in the dialect of envoyproxy/ratelimit. */
public final class DescriptorRules {
    public static final Rule DESCRIPTOR = Rule.error(
            "descriptor",
            "A descriptor has a `key`, perhaps a `value`, and a `rate_limit` or `descriptors` below it. envoyproxy/ratelimit refuses the"
                    + " file where one of them is not as it should be, and so does Weir.");
    public static final Rule MISPLACED_KEY = Rule.warning(
            "misplaced-key",
            "The key belongs to another level of the file. envoyproxy/ratelimit reads over it without a word, and so does Weir, so it has"
                    + " no effect. Move it to where it belongs.");

    public static final Rule HIDDEN_WILDCARD = Rule.warning(
            "hidden-wildcard",
            "Of several wildcards the first one in the file holds that fits, not the longest. One whose every value an earlier one takes is"
                    + " never reached. Put it before that one.");
    public static final Rule RESERVED_ENTRY = Rule.warning(
            "reserved-entry",
            "Entries whose key starts with `weir.` tell Weir what to settle and are taken out before anything is matched, so nothing below"
                    + " such a key is ever found. Choose another key, here and in Envoy's configuration.");
    public static final Rule NOTHING_REPLACED = Rule.warning(
            "nothing-replaced",
            "`replaces` switches limits off by their `name` for requests that this one is found for. No limit of the domain has that name,"
                    + " so nothing is switched off. Give the limit that name, or correct it here.");

    private DescriptorRules() {}

    public static List<Rule> all() {
        return List.of(DESCRIPTOR, MISPLACED_KEY, HIDDEN_WILDCARD, RESERVED_ENTRY, NOTHING_REPLACED);
    }
}

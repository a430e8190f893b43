package dev.weir.policy.descriptors;

import dev.weir.config.Rule;
import java.util.List;

/** What files in the dialect of envoyproxy/ratelimit must keep to. */
public final class DescriptorRules {
    public static final Rule DESCRIPTOR = Rule.error(
            "descriptor",
            "A descriptor has a `key`, perhaps a `value`, and a `rate_limit` or `descriptors` below it. envoyproxy/ratelimit refuses the"
                    + " file where one of them is not as it should be, and so does Weir.");
    public static final Rule MISPLACED_KEY = Rule.warning(
            "misplaced-key",
            "The key belongs to another level of the file. envoyproxy/ratelimit reads over it without a word, and so does Weir, so it has"
                    + " no effect. Move it to where it belongs.");

    private DescriptorRules() {}

    public static List<Rule> all() {
        return List.of(DESCRIPTOR, MISPLACED_KEY);
    }
}

package dev.weir.policy.tiers;

import dev.weir.policy.Tier;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The subjects of the sections of a tiers file, in the order of evaluation. */
enum Subject {
    IP("remote_address", false),
    KEY("key", true),
    CONSUMER_GROUP("consumer_group", true),
    USER("user", true),
    TEAM("team", true),
    GLOBAL(null, false);

    private final @Nullable String attribute;
    private final boolean named;

    /** @param attribute the attribute whose values have a bucket each; null means one bucket for everybody */
    Subject(@Nullable String attribute, boolean named) {
        this.attribute = attribute;
        this.named = named;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    Tier tier() {
        return new Tier(word(), Tier.WORDS.indexOf(word()));
    }

    List<String> per() {
        return attribute == null ? List.of() : List.of(attribute);
    }

    /** Returns whether a header may say who it is. */
    boolean isNamed() {
        return named;
    }

    /** Returns the key of its amounts, under {@code rate_limits}. */
    String amountsKey() {
        return this == GLOBAL ? "global" : "per_" + word();
    }

    /** Returns the key of the section that says how it counts. */
    String countingKey() {
        return word() + "_rate_limit";
    }
}

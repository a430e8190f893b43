package dev.weir.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where a limit stands. The order is the order of evaluation: the first tier that refuses is the one that is named. */
public enum Tier {
    IP,
    KEY,
    CONSUMER_GROUP,
    USER,
    TEAM,
    GLOBAL;

    /** The word for it in policies, answers, records and metrics. */
    public String word() {
        return switch (this) {
            case IP -> "ip";
            case KEY -> "key";
            case CONSUMER_GROUP -> "consumer_group";
            case USER -> "user";
            case TEAM -> "team";
            case GLOBAL -> "global";
        };
    }

    public static Optional<Tier> ofWord(String word) {
        return Arrays.stream(values()).filter(tier -> tier.word().equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(Tier::word).toList();
    }
}

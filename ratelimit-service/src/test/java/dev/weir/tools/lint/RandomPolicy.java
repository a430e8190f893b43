package dev.weir.tools.lint;

import java.util.List;
import java.util.Random;

/** A policy of two limits that have much in common. */
final class RandomPolicy {
    private final Random random;

    RandomPolicy(Random random) {
        this.random = random;
    }

    String yaml() {
        String measure = of("requests", "requests", "requests", "tokens", "parallel");
        String scope = scope();
        String counting = counting(measure);
        return "domain: llm\nlimits:\n" + limit("one", measure, scope, counting)
                + limit("two", measure, oneIn(3) ? scope() : scope, oneIn(2) ? counting(measure) : counting);
    }

    private String limit(String name, String measure, String scope, String counting) {
        String text = "  - {name: " + name + ", tier: " + of("key", "user", "team", "global") + scope
                + of("", "", "", "", ", mode: shadow", ", mode: {enforce: 50%, of: user}")
                + of("", "", "", ", default: true");
        if (measure.equals("parallel")) {
            return text + ", allow: " + random.nextInt(6) + " parallel}\n";
        }
        String[] windowAndAlgorithm = counting.split("\\|", -1);
        boolean calendar = windowAndAlgorithm[0].startsWith("1 ");
        int amount = calendar || oneIn(3) ? 20 + random.nextInt(400) : 1 + random.nextInt(12);
        String algorithm = windowAndAlgorithm[1];
        String burst = algorithm.equals("token_bucket") ? ", burst: " + (5 + random.nextInt(10)) : "";
        String held = measure.equals("tokens") ? of(", estimate: 1", ", estimate: 0", ", charge: after") : "";
        return text + ", allow: " + amount + " " + measure + " / " + windowAndAlgorithm[0] + ", algorithm: " + algorithm
                + burst + held + "}\n";
    }

    private String scope() {
        return of("", ", per: [user]", ", per: [user]", ", per: [user, team]")
                + of("", "", "", ", when: {team: t0}", ", when: {team: {not: t0}}");
    }

    private String counting(String measure) {
        return oneIn(10) && !measure.equals("parallel")
                ? of("1 day", "1 week") + "|fixed_window"
                : of("7s", "10s", "21s", "40s", "1m", "1m", "90s", "2m", "5m") + "|"
                        + of("sliding_window", "fixed_window", "token_bucket");
    }

    private String of(String... choices) {
        return List.of(choices).get(random.nextInt(choices.length));
    }

    private boolean oneIn(int many) {
        return random.nextInt(many) == 0;
    }
}

package dev.weir.policy;

import dev.weir.policy.limits.AlgorithmReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Policies as the grammar has them, with a slip of the pen here and there. */
public final class RandomPolicy {
    private static final List<String> ATTRIBUTES = List.of("user", "team", "model", "environment", "key", "7", "true");
    private static final List<String> VALUES =
            List.of("prod", "20", "1.5", "true", "\"gpt-*\"", "\"*\"", "'a\\*'", "\"weir.x\"", "ü");
    private static final List<String> AMOUNTS = List.of("0", "1", "7", "020", "500", "40k", "4M", "9007199254740991");
    private static final List<String> WINDOWS =
            List.of("1s", "30s", "1m", "44640m", "744h", "1d", "31d", "1 day", "1 week", "1 month");
    private static final List<String> TEMPLATES = List.of(
            "sorry", "'{limit}: {retry_after} s'", "'{a'", "'{\"a\": \"{reason}\"}'", "'{{tier}}'", "'{A} {limit}'");
    private static final List<String> STATUSES = List.of("400", "429", "'503'", "599");
    private static final List<String> ZONES =
            List.of("UTC", "Europe/Berlin", "Z", "+02:00", "-3", "GMT+1", "Etc/GMT-14", "PST8PDT");
    private static final List<String> TIERS = List.of("ip", "key", "user", "team", "global");
    private static final List<String> WRONG = List.of(
            "",
            "null",
            "~",
            "''",
            "[]",
            "{}",
            "[a]",
            "{a: b}",
            "-1",
            "1.5",
            "weir.x",
            "a b",
            "\"\\n\"",
            "z",
            "600",
            "agent",
            "'{message}'",
            "'{a} {limit}'",
            "00k",
            "1.5k",
            "2K",
            "9007199254740992");
    private static final List<String> WRONG_WINDOWS = List.of("44641m", "745h", "32d", "2 days", "0s", "1x", "1w");

    private final Random random;

    public RandomPolicy(Random random) {
        this.random = random;
    }

    public String next() {
        List<String> lines = new ArrayList<>(List.of("domain: " + slipping("llm")));
        add(lines, "time_zone", oneOf(ZONES));
        add(lines, "tiers", "[ip, agent, key, user, team, global" + oneOf(List.of("", ", 7")) + "]");
        add(lines, "answers", answers());
        add(lines, "admit", flag());
        add(lines, "overload", oneOf(List.of("error", "refuse", "allow", "deny")));
        add(lines, "metrics", attributes());
        add(lines, "ignore", "{never-binds: " + oneOf(VALUES) + "}");
        String limits = IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(number -> "  - " + limit(number))
                .collect(Collectors.joining("\n"));
        lines.add("limits:\n" + limits);
        return String.join("\n", lines) + "\n";
    }

    private String limit(int number) {
        List<String> pairs = new ArrayList<>();
        pairs.add("name: " + slipping("limit-" + number));
        pairs.add("tier: " + slipping(oneOf(TIERS)));
        String measure = oneOf(List.of("requests", "tokens", "tokens", "parallel"));
        String allow = allowance(measure);
        pairs.add("allow: " + slipping(allow));
        if (measure.equals("tokens") == (random.nextInt(30) > 0)) {
            pairs.add(
                    random.nextBoolean()
                            ? "estimate: " + slipping(oneOf(List.of("0", "1", "'1'", "1k")))
                            : "charge: " + slipping("after"));
        }
        if (allow.matches(".*1 (day|week|month)")) {
            pairs.add("algorithm: fixed_window");
        } else if (allow.contains("/") || random.nextInt(30) == 0) {
            add(pairs, "algorithm", oneOf(AlgorithmReader.KNOWN));
        }
        if (pairs.contains("algorithm: token_bucket")) {
            add(pairs, "burst", oneOf(AMOUNTS));
        }
        add(pairs, "per", attributes());
        add(pairs, "when", "{" + oneOf(ATTRIBUTES) + ": " + condition() + "}");
        add(pairs, "mode", mode());
        add(pairs, "default", flag());
        add(pairs, "comment", oneOf(VALUES));
        add(pairs, "answer", answer());
        return "{" + String.join(", ", pairs) + "}";
    }

    private String allowance(String measure) {
        if (random.nextInt(8) == 0) {
            return "unlimited " + measure;
        }
        String window = measure.equals("parallel") ? "" : oneOf(List.of("/", " / ", " /  ")) + window();
        return oneOf(AMOUNTS) + " " + measure + window;
    }

    private String window() {
        return oneOf(random.nextInt(20) == 0 ? WRONG_WINDOWS : WINDOWS);
    }

    private String condition() {
        String values = random.nextBoolean() ? oneOf(VALUES) : "[" + oneOf(VALUES) + ", " + oneOf(VALUES) + "]";
        return slipping(random.nextInt(3) == 0 ? "{not: " + values + "}" : values);
    }

    private String mode() {
        String share = oneOf(List.of("25%", "0.5%", "100%", "100.00%", "007%", "0.05%"));
        return oneOf(List.of("enforce", "shadow", "{enforce: " + slipping(share) + ", of: " + oneOf(ATTRIBUTES) + "}"));
    }

    private String answer() {
        List<String> pairs = new ArrayList<>();
        add(pairs, "message", oneOf(TEMPLATES));
        add(pairs, "body", oneOf(TEMPLATES));
        add(pairs, "status", oneOf(STATUSES));
        return "{" + String.join(", ", pairs) + "}";
    }

    private String answers() {
        List<String> pairs = new ArrayList<>();
        add(pairs, "headers", oneOf(List.of("service", "envoy", "none")));
        add(pairs, "errors", oneOf(List.of("openai", "anthropic")));
        add(pairs, "status", oneOf(STATUSES));
        return "{" + String.join(", ", pairs) + "}";
    }

    private String attributes() {
        return oneOf(List.of("[]", "[" + oneOf(ATTRIBUTES) + "]", "[user, " + oneOf(ATTRIBUTES) + "]"));
    }

    private String flag() {
        return oneOf(List.of("true", "false", "'true'"));
    }

    /** Sometimes the key, and then mostly with this value. */
    private void add(List<String> pairs, String key, String value) {
        if (random.nextInt(4) == 0) {
            pairs.add((random.nextInt(40) == 0 ? key + "s" : key) + ": " + slipping(value));
        }
    }

    private String slipping(String value) {
        return random.nextInt(40) == 0 ? oneOf(WRONG) : value;
    }

    private <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}

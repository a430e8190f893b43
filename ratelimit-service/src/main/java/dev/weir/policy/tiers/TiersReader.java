package dev.weir.policy.tiers;

import dev.weir.config.Problem;
import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Answers;
import dev.weir.policy.Deployment;
import dev.weir.policy.Domain;
import dev.weir.policy.Settings;
import dev.weir.policy.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy as gateways write it: {@code rate_limits} per user, team and for everybody, each with requests and tokens a minute
 * and requests at a time (R5.2, R5.3). Each amount becomes a native limit, {@code user-requests} and so on. The notes of the domain
 * say what this version cannot do.
 */
public final class TiersReader {
    /** The domain of a file that does not name one: that of the Envoy configurations in {@code envoy/}. */
    static final String DOMAIN = "llm";

    private static final String AMOUNTS = "rate_limits";
    private static final String REJECT_ACTION = "reject_action";
    private static final List<String> REJECT_ACTIONS = List.of("return_429");

    private final YamlMap root;
    private final List<Problem> notes = new ArrayList<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** The contents of a file: limits, and how the service is to run. */
    public record Tiers(Domain domain, Deployment deployment) {}

    private TiersReader(YamlMap root) {
        this.root = root;
    }

    /** Returns whether a file is written in this dialect. */
    public static boolean isTiers(YamlMap root) {
        return root.get(AMOUNTS) != null && root.get("limits") == null && root.get("descriptors") == null;
    }

    /** @param root gets the problems; if there are any, the result must not be used */
    public static Tiers read(YamlMap root, String version) {
        return new TiersReader(root).read(version);
    }

    private Tiers read(String version) {
        root.rejectUnknown(keys(), Map.of());
        String domain = root.get("domain") == null ? DOMAIN : root.text("domain");
        readRejectAction(root.get(REJECT_ACTION));
        DistributedReader.Distributed distributed =
                DistributedReader.read(section(root, "distributed_rate_limit"), notes);
        AmountsReader limits = new AmountsReader(domain == null ? "" : domain, notes);
        readLimits(limits, distributed.seconds());
        YamlMap providers = section(root, "providers");
        if (providers != null) {
            SurroundingsReader.readProviders(providers, notes);
        }
        YamlMap policies = section(root, "policies");
        Integer days = policies == null ? null : SurroundingsReader.readPolicies(policies, notes);
        YamlMap ignored = section(root, "ignore");
        return new Tiers(
                new Domain(
                        domain == null ? "" : domain,
                        version,
                        limits.limits(),
                        new Settings(Answers.DEFAULT.withStatus(429), false, List.of(), headers),
                        new Source(root.place(), ignored == null ? Map.of() : ignored.asTexts()),
                        notes.stream().sorted().toList()),
                new Deployment(distributed.place(), days));
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of(AMOUNTS));
        for (Subject subject : Subject.values()) {
            keys.add(subject.countingKey());
        }
        keys.addAll(List.of(REJECT_ACTION, "distributed_rate_limit", "providers", "policies", "domain", "ignore"));
        return keys;
    }

    private static void readRejectAction(@Nullable YamlValue value) {
        String action = value == null ? null : value.asText();
        if (value != null && action != null && !REJECT_ACTIONS.contains(action)) {
            value.problem(Spelling.unknown("reject action", action, REJECT_ACTIONS));
        }
    }

    private static @Nullable YamlMap section(YamlMap fields, String key) {
        YamlValue value = fields.get(key);
        return value == null ? null : value.asMap();
    }

    private void readLimits(AmountsReader limits, OptionalLong sharedSeconds) {
        YamlMap amounts = section(root, AMOUNTS);
        if (amounts == null) {
            return;
        }
        List<String> known = new ArrayList<>();
        for (Subject subject : Subject.values()) {
            known.add(subject.amountsKey());
            YamlMap counting = section(root, subject.countingKey());
            Counting counted = CountingReader.read(counting, subject, sharedSeconds);
            YamlMap own = section(amounts, subject.amountsKey());
            if (own != null) {
                limits.read(own, subject, counted);
            }
            if (counting != null && amounts.get(subject.amountsKey()) == null) {
                noteUnused(counting, subject);
            } else if (counting != null) {
                readHeader(counting, subject);
            }
        }
        amounts.rejectUnknown(known, Map.of());
        if (amounts.values().isEmpty()) {
            amounts.problem(
                    TiersRules.TIERS,
                    "this limits nothing, so everything would pass; add for example `per_user: {rpm: 20}`");
        }
    }

    private void readHeader(YamlMap counting, Subject subject) {
        YamlValue header = subject.isNamed() ? CountingReader.header(counting) : null;
        String name = header == null ? null : header.asText();
        if (header != null && name != null) {
            headers.put(subject.word(), name);
            notes.add(new Problem(
                    header.place(),
                    TiersRules.TRUSTED_HEADER,
                    "a `" + subject.word()
                            + "` is whoever this header names, and whoever reaches Envoy can write it; Envoy"
                            + " sends it by `request_headers: {descriptor_key: " + subject.word() + ", header_name: "
                            + name
                            + "}`, and where its descriptor takes `" + subject.word()
                            + "` from ext_authz instead, that counts"));
        }
    }

    private void noteUnused(YamlMap counting, Subject subject) {
        notes.add(new Problem(
                counting.place(),
                TiersRules.NO_EFFECT,
                "this says how to count what has no limit; add `" + subject.amountsKey() + "` to `" + AMOUNTS
                        + "`, or remove `" + subject.countingKey() + "`"));
    }
}

package dev.weir.policy.tiers;

import dev.weir.config.Problem;
import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads {@code providers} and {@code policies}, which are about more than limits. */
final class SurroundingsReader {
    private static final String AUDIT_LOGGER = "audit-logger";
    private static final String RETENTION = "retention_days";
    private static final List<String> POLICIES = List.of(AUDIT_LOGGER);
    /** The most days that records may be kept, as for {@code --refusals-keep}. */
    private static final int MOST_DAYS = 36_500;

    private SurroundingsReader() {}

    static void readProviders(YamlMap section, List<Problem> notes) {
        section.rejectUnknown(List.of("targets"), Map.of());
        YamlValue value = section.get("targets");
        List<YamlValue> targets = value == null ? null : value.asList();
        for (YamlValue item : targets == null ? List.<YamlValue>of() : targets) {
            YamlMap target = item.asMap();
            if (target != null) {
                readTarget(target);
            }
        }
        notes.add(new Problem(
                section.place(),
                TiersRules.ELSEWHERE,
                "Envoy's clusters and routes say which provider a request goes to, and with which secret; limits per target are"
                        + " not there yet"));
    }

    private static void readTarget(YamlMap target) {
        target.rejectUnknown(List.of("id", "provider", "model", "secret_key_ref"), Map.of());
        for (String key : List.of("id", "provider", "model")) {
            target.text(key);
        }
        YamlValue reference = target.get("secret_key_ref");
        YamlMap secret = reference == null ? null : reference.asMap();
        if (secret != null) {
            secret.rejectUnknown(List.of("env"), Map.of());
            secret.text("env");
        }
    }

    /** Reads how many days records are kept; null where nothing says so, or after adding a problem. */
    static @Nullable Integer readPolicies(YamlMap section, List<Problem> notes) {
        section.rejectUnknown(List.of("chain", "policy"), Map.of());
        YamlValue chain = section.get("chain");
        List<YamlValue> links = chain == null ? null : chain.asList();
        for (YamlValue link : links == null ? List.<YamlValue>of() : links) {
            readLink(link, notes);
        }
        YamlValue value = section.get("policy");
        YamlMap policies = value == null ? null : value.asMap();
        if (policies == null) {
            return null;
        }
        policies.rejectUnknown(POLICIES, Map.of());
        YamlValue logger = policies.get(AUDIT_LOGGER);
        YamlMap settings = logger == null ? null : logger.asMap();
        return settings == null ? null : retention(settings, notes);
    }

    private static void readLink(YamlValue link, List<Problem> notes) {
        String name = link.asText();
        if (name != null && !POLICIES.contains(name)) {
            link.problem(Spelling.unknown("policy", name, POLICIES));
        } else if (name != null) {
            notes.add(
                    new Problem(
                            link.place(),
                            TiersRules.ELSEWHERE,
                            "what is recorded here are refusals, where `--refusals` says; requests that pass are for Envoy's access log"));
        }
    }

    private static @Nullable Integer retention(YamlMap settings, List<Problem> notes) {
        settings.rejectUnknown(List.of(RETENTION), Map.of());
        OptionalLong days = WholeNumber.read(settings, RETENTION, 1, MOST_DAYS);
        YamlValue value = settings.get(RETENTION);
        if (value == null || days.isEmpty()) {
            return null;
        }
        notes.add(new Problem(
                value.place(),
                TiersRules.ELSEWHERE,
                "refusals are kept for these " + days.getAsLong()
                        + " days with `--refusals file:PATH`, unless `--refusals-keep` says otherwise or their files outgrow"
                        + " `--refusals-size`; on stdout and in syslog others keep them"));
        return (int) days.getAsLong();
    }
}

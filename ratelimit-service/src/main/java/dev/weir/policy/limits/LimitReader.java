package dev.weir.policy.limits;

import dev.weir.bucket.Algorithm;
import dev.weir.config.Spelling;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.Allowance;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Condition;
import dev.weir.policy.Estimate;
import dev.weir.policy.Limit;
import dev.weir.policy.LimitOverrides;
import dev.weir.policy.Mode;
import dev.weir.policy.Scope;
import dev.weir.policy.Source;
import dev.weir.policy.Tier;
import dev.weir.policy.Wording;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the limits of one domain, from however many files. */
public final class LimitReader {
    public static final List<String> KEYS = List.of(
            "name",
            "tier",
            "per",
            "when",
            "allow",
            "algorithm",
            "burst",
            "lease",
            "estimate",
            EstimateReader.BYTES_PER_TOKEN,
            "charge",
            "mode",
            "default",
            "comment",
            "answer",
            "ignore");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final String domain;
    private final ZoneId zone;
    private final Map<String, Tier> tiers = new HashMap<>();
    private final List<String> tierWords;
    private final Map<String, YamlMap> named = new HashMap<>();

    /** @param zone the time zone in which the days, weeks and months of calendar windows begin */
    LimitReader(String domain, ZoneId zone, List<Tier> tiers) {
        this.domain = domain;
        this.zone = zone;
        this.tierWords = tiers.stream().map(Tier::word).toList();
        tiers.forEach(tier -> this.tiers.put(tier.word(), tier));
    }

    /** Reads a limit, which is not in its place yet; null after adding problems. */
    @Nullable
    Limit read(YamlMap fields) {
        fields.rejectUnknown(KEYS, Map.of());
        String name = readName(fields);
        Tier tier = readTier(fields.require("tier", "user"));
        Scope scope = readScope(fields);
        Wording wording = AnswerReader.wording(fields);
        Source source = SourceReader.read(fields);
        YamlValue allowed = fields.require("allow", "20 requests / 1m");
        Allowance allow = allowed == null ? null : AllowanceReader.read(allowed);
        if (allowed == null || allow == null) {
            return null;
        }
        Algorithm algorithm = AlgorithmReader.read(fields, allowed, allow, zone);
        Estimate estimate = EstimateReader.read(fields, allow);
        if (name == null || tier == null || scope == null || algorithm == null) {
            return null;
        }
        String prefix = BucketNames.prefix(domain, name, algorithm, scope.per());
        return new Limit(name, 0, tier, scope, allow, estimate, algorithm, prefix, wording, source);
    }

    private @Nullable String readName(YamlMap fields) {
        String name = fields.requireText("name", "user-requests");
        YamlMap other = name == null ? null : named.putIfAbsent(name, fields);
        if (other != null) {
            fields.problem(
                    PolicyRules.NAME,
                    "limit `" + name + "` stands at " + other.place() + " already; give it a name of its own");
        }
        if (LimitOverrides.NAME.equals(name)) {
            fields.problem(
                    PolicyRules.NAME,
                    "`" + name
                            + "` is what limits of descriptors are called in answers and metrics; choose another name");
        }
        if (name != null && !NAME.matcher(name).matches()) {
            fields.problem(
                    PolicyRules.NAME,
                    "limit `" + name + "`: a name has letters, digits, dots, dashes and underscores only;"
                            + " it goes into headers and metrics");
        }
        return name;
    }

    private @Nullable Tier readTier(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        if (value == null || word == null) {
            return null;
        }
        Tier tier = tiers.get(word);
        if (tier == null) {
            value.problem(PolicyRules.TIER, Spelling.unknown("tier", word, tierWords));
        }
        return tier;
    }

    private static @Nullable Scope readScope(YamlMap fields) {
        List<String> per = AttributeNames.read(fields.get("per"));
        List<Condition> when = ConditionReader.read(fields.get("when"));
        Mode mode = ModeReader.read(fields.get("mode"));
        boolean isDefault = fields.flag("default", false);
        return per == null || when == null || mode == null ? null : new Scope(per, when, mode, isDefault);
    }
}

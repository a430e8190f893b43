package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.request.Attributes;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the limits of one file. */
final class LimitReader {
    private static final List<String> KEYS =
            List.of("name", "tier", "per", "when", "allow", "algorithm", "burst", "estimate", "charge");
    private static final String NOT_YET = "is not enforced by this version; ";
    private static final Map<String, String> KEYS_TO_COME = Map.of(
            "mode", NOT_YET + "every limit is enforced; remove it",
            "default", NOT_YET + "write the values it is meant for into `when`; remove it");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final String domain;
    private final ZoneId zone;
    private final Set<String> names = new HashSet<>();

    /** @param zone where the days, weeks and months of calendar windows begin */
    LimitReader(String domain, ZoneId zone) {
        this.domain = domain;
        this.zone = zone;
    }

    /** The limit, not in its place yet, or null after adding problems. */
    @Nullable
    Limit read(YamlMap fields) {
        fields.rejectUnknown(KEYS, KEYS_TO_COME);
        String name = readName(fields);
        Tier tier = readTier(fields.require("tier", "user"));
        List<String> per = readPer(fields.get("per"));
        Map<String, String> when = readWhen(fields.get("when"));
        YamlValue allowed = fields.require("allow", "20 requests / 1m");
        Allowance allow = allowed == null ? null : AllowanceReader.read(allowed);
        if (allowed == null || allow == null) {
            return null;
        }
        Algorithm algorithm = AlgorithmReader.read(fields, allowed, allow, zone);
        boolean after = readAfter(fields.get("charge"), allow);
        long estimate = readEstimate(fields, allow, after);
        if (name == null || tier == null || per == null || when == null || algorithm == null) {
            return null;
        }
        String prefix = BucketNames.prefix(domain, name, algorithm, per);
        return new Limit(name, 0, tier, per, when, allow, new Estimate(estimate, after), algorithm, prefix);
    }

    private @Nullable String readName(YamlMap fields) {
        String name = fields.requireText("name", "user-requests");
        if (name != null && !names.add(name)) {
            fields.problem("limit `" + name + "` stands in this file already; give it a name of its own");
        }
        if (name != null && !NAME.matcher(name).matches()) {
            fields.problem("limit `" + name + "`: a name has letters, digits, dots, dashes and underscores only;"
                    + " it goes into headers and metrics");
        }
        return name;
    }

    private static @Nullable Tier readTier(@Nullable YamlValue value) {
        String word = value == null ? null : value.asText();
        if (value == null || word == null) {
            return null;
        }
        Optional<Tier> tier = Tier.ofWord(word);
        if (tier.isEmpty()) {
            value.problem("unknown tier `" + word + "`; use one of " + String.join(", ", Tier.words()));
        }
        return tier.orElse(null);
    }

    private static @Nullable List<String> readPer(@Nullable YamlValue value) {
        if (value == null) {
            return List.of();
        }
        List<YamlValue> items = value.asList();
        if (items == null) {
            return null;
        }
        List<String> names = new ArrayList<>();
        for (YamlValue item : items) {
            String name = item.asText();
            if (name == null) {
                continue;
            }
            rejectReserved(name, item);
            if (names.contains(name)) {
                item.problem("`" + name + "` stands in this list already; remove one");
            }
            names.add(name);
        }
        return names;
    }

    private static @Nullable Map<String, String> readWhen(@Nullable YamlValue value) {
        if (value == null) {
            return Map.of();
        }
        YamlMap pairs = value.asMap();
        if (pairs == null) {
            return null;
        }
        Map<String, String> when = pairs.asTexts();
        when.keySet().forEach(name -> rejectReserved(name, value));
        return when;
    }

    private static void rejectReserved(String name, YamlValue place) {
        if (name.startsWith(Attributes.RESERVED_PREFIX)) {
            place.problem("`" + name + "`: names that start with `" + Attributes.RESERVED_PREFIX
                    + "` steer Weir and cannot be limited; choose another attribute");
        }
    }

    private static boolean readAfter(@Nullable YamlValue value, Allowance allow) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return false;
        }
        if (!text.equals("after")) {
            value.problem("`" + text + "` is no way to charge; write `after`, or remove it to hold an estimate");
        } else if (allow.measure() != Measure.TOKENS) {
            value.problem("only tokens can be charged after the request; remove it");
        }
        return text.equals("after");
    }

    private static long readEstimate(YamlMap fields, Allowance allow, boolean after) {
        YamlValue value = fields.get("estimate");
        if (value != null && after) {
            value.problem("with `charge: after` nothing is held; remove the estimate");
            return 0;
        }
        if (value == null) {
            if (allow.measure() == Measure.TOKENS && !after && !allow.unlimited()) {
                fields.problem("a limit on tokens needs an estimate for requests without `max_tokens`;"
                        + " add for example `estimate: 1k`, or `charge: after`");
            }
            return 0;
        }
        if (allow.measure() != Measure.TOKENS) {
            value.problem("an estimate belongs to limits on tokens; remove it");
            return 0;
        }
        String text = value.asText();
        long estimate = text == null ? 0 : AllowanceReader.amount(text);
        if (estimate < 0) {
            value.problem("`" + text + "` is not an amount; write for example 500, 1k or 4M");
        } else if (estimate > allow.amount()) {
            value.problem("an estimate above the limit refuses every request without `max_tokens`; lower it to at most "
                    + allow.amount());
        }
        return estimate;
    }
}

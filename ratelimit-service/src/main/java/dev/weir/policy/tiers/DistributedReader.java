package dev.weir.policy.tiers;

import dev.weir.config.Problem;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.policy.StorePlace;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code distributed_rate_limit}: the Redis in which replicas count together. */
final class DistributedReader {
    private static final String SYNC_INTERVAL = "sync_interval_ms";
    private static final String LOCAL_FALLBACK = "local_fallback";
    private static final List<String> KEYS =
            List.of("enabled", "redis_url_env", "key_prefix", "window_ms", SYNC_INTERVAL, LOCAL_FALLBACK);
    private static final String SECRET = "may hold a password, which does not belong here;"
            + " put it into an environment variable and name that in `redis_url_env`";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    /** A prefix without braces: they are Redis Cluster's, and the names of buckets have them where they belong. */
    private static final Pattern PREFIX = Pattern.compile("[!-z|~]{0,128}");

    private static final long DAY_MILLIS = 86_400_000;

    /** @param seconds the length of its windows; empty where it does not say */
    record Distributed(StorePlace place, OptionalLong seconds) {}

    private DistributedReader() {}

    /** @param section null where there is none */
    static Distributed read(@Nullable YamlMap section, List<Problem> notes) {
        if (section == null) {
            return new Distributed(new StorePlace.Unsaid(), OptionalLong.empty());
        }
        section.rejectUnknown(KEYS, Map.of("redis_url", SECRET, "redis_password", SECRET));
        boolean enabled = section.flag("enabled", true);
        OptionalLong seconds = seconds(section);
        String variable = variable(section, enabled);
        String prefix = prefix(section.get("key_prefix"));
        WholeNumber.read(section, SYNC_INTERVAL, 1, DAY_MILLIS);
        boolean fallback = section.flag(LOCAL_FALLBACK, false);
        if (!enabled) {
            return new Distributed(new StorePlace.Memory(), OptionalLong.empty());
        }
        note(
                section.get(SYNC_INTERVAL),
                notes,
                "replicas do not lend each other room for an interval yet: each request asks Redis, which is exact");
        if (fallback) {
            note(
                    section.get(LOCAL_FALLBACK),
                    notes,
                    "counting without Redis while it is away is not there yet: until it is back the calls fail, and Envoy's"
                            + " `failure_mode_deny` says what becomes of the requests");
        }
        return new Distributed(new StorePlace.Redis(variable, prefix), seconds);
    }

    private static OptionalLong seconds(YamlMap section) {
        OptionalLong millis = WholeNumber.read(section, "window_ms", 1_000, Counting.LONGEST * 1_000L);
        YamlValue value = section.get("window_ms");
        if (value != null && millis.isPresent() && millis.getAsLong() % 1_000 != 0) {
            value.problem("`" + millis.getAsLong() + "` is no whole number of seconds; write for example 60000");
            return OptionalLong.empty();
        }
        return millis.isPresent() ? OptionalLong.of(millis.getAsLong() / 1_000) : millis;
    }

    private static String variable(YamlMap section, boolean enabled) {
        YamlValue value = enabled ? section.require("redis_url_env", "REDIS_URL") : section.get("redis_url_env");
        String name = value == null ? null : value.asText();
        if (value != null && name != null && !VARIABLE.matcher(name).matches()) {
            // Does not quote what was written: it may be the URL itself.
            value.problem(
                    "this cannot be the name of an environment variable; write for example REDIS_URL, and put the URL"
                            + " into that");
        }
        return name == null ? "" : name;
    }

    private static String prefix(@Nullable YamlValue value) {
        String prefix = value == null ? null : value.asText();
        if (value != null && prefix != null && !PREFIX.matcher(prefix).matches()) {
            value.problem(
                    "`" + prefix + "` cannot begin the names of keys; write at most 128 letters, digits and signs,"
                            + " without spaces and braces, for example prod:");
        }
        return prefix == null ? "" : prefix;
    }

    private static void note(@Nullable YamlValue value, List<Problem> notes, String message) {
        if (value != null) {
            notes.add(new Problem(value.place(), TiersRules.NOT_YET, message));
        }
    }
}

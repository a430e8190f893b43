package dev.weir.identity.apikey;

import dev.weir.config.ConfigException;
import dev.weir.config.Problems;
import dev.weir.config.YamlFile;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.identity.Caller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the key register: {@code keys} with at least one entry, or {@code keys: none}. An empty list is refused, because a program that
 * writes the file writes one when it fails, and every caller would be turned away.
 */
public final class ApiKeyReader {
    /** The attributes of a caller that stand beside a key; the name of the key itself is its id. */
    private static final List<String> OF_CALLERS =
            Caller.ATTRIBUTES.stream().filter(name -> !name.equals("key")).toList();

    private static final List<String> KEYS = Stream.of(List.of("id", "sha256"), OF_CALLERS, List.of("enabled"))
            .flatMap(List::stream)
            .toList();
    private static final Map<String, String> NEVER = Map.of(
            "secret", "must not stand in a file; write its SHA-256 as `sha256`, and replace this secret by a new one");
    /** The word that says on purpose that nobody has a key. */
    private static final String NONE = "none";

    private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
    private static final Pattern HEADER_SAFE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e]*[\\x21-\\x7e])?");

    private ApiKeyReader() {}

    /** @throws ConfigException with all problems of the file; nothing of a file with a problem is used */
    public static ApiKeys read(Path file) throws ConfigException {
        Problems problems = new Problems();
        YamlMap root = YamlFile.read(
                file, "remove keys that nobody uses, and what is not needed to tell callers apart", problems);
        List<ApiKey> keys = root == null ? List.of() : readAll(root);
        problems.throwIfErrors();
        return new ApiKeys(keys);
    }

    private static List<ApiKey> readAll(YamlMap root) {
        root.rejectUnknown(List.of("keys"), Map.of());
        YamlValue value = root.require("keys", "[{id: alice-laptop, sha256: <64 hex digits>}]");
        if (value == null || value.textOrEmpty().equals(NONE)) {
            return List.of();
        }
        List<YamlValue> items = value.asList();
        if (items != null && items.isEmpty()) {
            value.problem(
                    "without a key every request is answered with 401; add keys, or write `keys: none` to say that you mean it");
        }
        List<ApiKey> keys = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        Set<String> digests = new HashSet<>();
        for (YamlValue item : items == null ? List.<YamlValue>of() : items) {
            YamlMap fields = item.asMap();
            ApiKey key = fields == null ? null : readKey(fields, ids, digests);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static @Nullable ApiKey readKey(YamlMap fields, Set<String> ids, Set<String> digests) {
        fields.rejectUnknown(KEYS, NEVER);
        String id = attribute(fields, "id", fields.requireText("id", "alice-laptop"));
        String sha256 = fields.requireText("sha256", "<64 hex digits>");
        if (id != null && !ids.add(id)) {
            fields.problem("key `" + id + "` stands here already; give it an id of its own");
        }
        if (sha256 != null && !SHA256.matcher(sha256).matches()) {
            fields.problem("`sha256` must be 64 hex digits, as `printf %s \"$SECRET\" | sha256sum` prints them");
        } else if (sha256 != null && !digests.add(sha256.toLowerCase(Locale.ROOT))) {
            fields.problem("two keys have the same secret; make a new one for this key");
        }
        Caller caller = id == null ? null : caller(id, fields);
        boolean enabled = fields.flag("enabled", true);
        return caller == null || sha256 == null ? null : new ApiKey(caller, sha256.toLowerCase(Locale.ROOT), enabled);
    }

    private static Caller caller(String id, YamlMap fields) {
        Map<String, String> attributes = new HashMap<>(Map.of("key", id));
        for (String name : OF_CALLERS) {
            String value = attribute(fields, name, fields.text(name));
            if (value != null) {
                attributes.put(name, value);
            }
        }
        return new Caller(attributes);
    }

    /** Refuses what could break out of a header, since attributes become header values. */
    private static @Nullable String attribute(YamlMap fields, String name, @Nullable String text) {
        YamlValue place = fields.get(name);
        if (text != null && place != null && !HEADER_SAFE.matcher(text).matches()) {
            place.problem("`" + name + "` goes into a header; use printable ASCII without space at either end");
        }
        return text;
    }
}

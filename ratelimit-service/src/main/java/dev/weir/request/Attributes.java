package dev.weir.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names and values of one descriptor. They are a handful of entries, so a linear search beats a hash table. Where a name stands
 * twice, the first one counts: what comes later cannot replace what Envoy's configuration puts first.
 *
 * <p>Bytes that are not UTF-8 stand as lone surrogates (U+DC80 to U+DCFF), which no valid text contains: nothing is lost and
 * no two values become one.
 */
public final class Attributes {
    /** Names with this prefix steer Weir itself and are never matched against limits. */
    public static final String RESERVED_PREFIX = "weir.";

    /** The name for the most tokens that an answer may have. */
    public static final String MAX_TOKENS = "max_tokens";

    /** The names for the same, those in bodies of other APIs among them. The largest value in a request counts. */
    public static final List<String> MOST_TOKENS = List.of(
            MAX_TOKENS,
            "max_completion_tokens",
            "max_output_tokens",
            "generationConfig.maxOutputTokens",
            "generation_config.max_output_tokens",
            "num_predict",
            "options.num_predict");

    /** The names for the number of answers that a request asks for. The largest value in a request counts. */
    public static final List<String> ANSWERS =
            List.of("n", "best_of", "generationConfig.candidateCount", "generation_config.candidate_count");

    /** The name for the number of bytes of the body, which is the prompt and little else. */
    public static final String PROMPT_BYTES = "prompt_bytes";

    private static final Set<String> ABOUT_TOKENS = Stream.of(MOST_TOKENS, ANSWERS, List.of(PROMPT_BYTES))
            .flatMap(List::stream)
            .collect(Collectors.toUnmodifiableSet());

    public static final Attributes NONE = new Attributes(new String[0], new String[0], 0);

    private final String[] names;
    private final String[] values;
    private final int size;

    private Attributes(String[] names, String[] values, int size) {
        this.names = names;
        this.values = values;
        this.size = size;
    }

    /** Takes the arrays over; the caller must not change them afterwards. */
    public static Attributes of(String[] names, String[] values) {
        if (names.length != values.length) {
            throw new IllegalArgumentException(names.length + " names for " + values.length + " values");
        }
        return of(names, values, names.length);
    }

    /** Uses the first {@code size} of them. Takes the arrays over; the caller must not change them afterwards. */
    public static Attributes of(String[] names, String[] values, int size) {
        return size == 0 ? NONE : new Attributes(names, values, size);
    }

    /** Takes name, value, name, value ..., for tests and wiring. */
    public static Attributes of(String... namesAndValues) {
        int size = namesAndValues.length / 2;
        String[] names = new String[size];
        String[] values = new String[size];
        for (int i = 0; i < size; i++) {
            names[i] = namesAndValues[2 * i];
            values[i] = namesAndValues[2 * i + 1];
        }
        return of(names, values);
    }

    /** Returns whether a name says how many tokens a request may use. The client chooses the value, so no bucket is named after it. */
    public static boolean isAboutTokens(String name) {
        return ABOUT_TOKENS.contains(name);
    }

    public @Nullable String get(String name) {
        for (int i = 0; i < size; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** Returns the same without the reserved names; this itself where there are none. */
    public Attributes withoutReserved() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            kept += names[i].startsWith(RESERVED_PREFIX) ? 0 : 1;
        }
        if (kept == size) {
            return this;
        }
        String[] keptNames = new String[kept];
        String[] keptValues = new String[kept];
        int at = 0;
        for (int i = 0; i < size; i++) {
            if (!names[i].startsWith(RESERVED_PREFIX)) {
                keptNames[at] = names[i];
                keptValues[at++] = values[i];
            }
        }
        return of(keptNames, keptValues);
    }

    public int size() {
        return size;
    }

    public String name(int index) {
        return names[index];
    }

    public String value(int index) {
        return values[index];
    }

    /** Returns whether the name of an entry stands there for the first time; a later one does not count. */
    public boolean isFirst(int index) {
        for (int i = 0; i < index; i++) {
            if (names[i].equals(names[index])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the values by name in the order of the descriptor, without the reserved names. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            if (!names[i].startsWith(RESERVED_PREFIX)) {
                map.putIfAbsent(names[i], values[i]);
            }
        }
        return map;
    }

    @Override
    public String toString() {
        return toMap().toString();
    }
}

package dev.weir.request;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names and values of one descriptor. A handful of entries, so a linear search beats a hash table. Where a name stands
 * twice, the first one counts: what Envoy's configuration puts first cannot be replaced by what comes after it.
 *
 * <p>Bytes that are not UTF-8 stand as lone surrogates (U+DC80 to U+DCFF), which no valid text contains: nothing is lost and
 * no two values become one.
 */
public final class Attributes {
    /** Names with this prefix steer Weir itself and are never matched against limits. */
    public static final String RESERVED_PREFIX = "weir.";

    /** How many tokens a request may use at most; its client chooses it, so no bucket is named after it. */
    public static final String MAX_TOKENS = "max_tokens";

    public static final Attributes NONE = new Attributes(new String[0], new String[0]);

    private final String[] names;
    private final String[] values;

    private Attributes(String[] names, String[] values) {
        this.names = names;
        this.values = values;
    }

    /** Takes the arrays over; the caller must not change them afterwards. */
    public static Attributes of(String[] names, String[] values) {
        if (names.length != values.length) {
            throw new IllegalArgumentException(names.length + " names for " + values.length + " values");
        }
        return names.length == 0 ? NONE : new Attributes(names, values);
    }

    /** For tests and wiring: name, value, name, value ... */
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

    public @Nullable String get(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** The same without the reserved names; this itself where there are none. */
    public Attributes withoutReserved() {
        int kept = 0;
        for (String name : names) {
            kept += name.startsWith(RESERVED_PREFIX) ? 0 : 1;
        }
        if (kept == names.length) {
            return this;
        }
        String[] keptNames = new String[kept];
        String[] keptValues = new String[kept];
        int at = 0;
        for (int i = 0; i < names.length; i++) {
            if (!names[i].startsWith(RESERVED_PREFIX)) {
                keptNames[at] = names[i];
                keptValues[at++] = values[i];
            }
        }
        return of(keptNames, keptValues);
    }

    public int size() {
        return names.length;
    }

    public String name(int index) {
        return names[index];
    }

    public String value(int index) {
        return values[index];
    }

    /** Whether the name of an entry stands there for the first time; that of a later one does not count. */
    public boolean isFirst(int index) {
        for (int i = 0; i < index; i++) {
            if (names[i].equals(names[index])) {
                return false;
            }
        }
        return true;
    }

    /** In the order of the descriptor, without the reserved names. */
    public Map<String, String> toMap() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
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

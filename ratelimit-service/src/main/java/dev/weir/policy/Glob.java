package dev.weir.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * A text in which {@code *} stands for any characters, or for none; {@code \*} is the character itself.
 *
 * @param parts the texts between the stars, at least two; the first and the last one may be empty
 */
public record Glob(List<String> parts) {
    private static final char STAR = '*';
    private static final char ESCAPE = '\\';

    public Glob {
        parts = List.copyOf(parts);
    }

    /** Returns whether a text has a star that is not escaped. */
    public static boolean isOne(String text) {
        return split(text).size() > 1;
    }

    public static Glob of(String text) {
        return new Glob(split(text));
    }

    /** Undoes the escapes of a text whose stars are all escaped. */
    public static String unescaped(String text) {
        return String.join("", split(text));
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ESCAPE && i + 1 < text.length() && text.charAt(i + 1) == STAR) {
                part.append(STAR);
                i++;
            } else if (c == STAR) {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** Matches a text in time proportional to its length: the first place for a part is as good as any later one. */
    public boolean matches(String text) {
        String first = parts.get(0);
        String last = parts.get(parts.size() - 1);
        int end = text.length() - last.length();
        if (first.length() > end || !text.startsWith(first) || !text.endsWith(last)) {
            return false;
        }
        int at = first.length();
        for (int i = 1; i < parts.size() - 1; i++) {
            String part = parts.get(i);
            int found = text.indexOf(part, at);
            at = found + part.length();
            if (found < 0 || at > end) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether it matches every text. */
    public boolean matchesAll() {
        return parts.stream().allMatch(String::isEmpty);
    }

    @Override
    public String toString() {
        return String.join("*", parts);
    }
}

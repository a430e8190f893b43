package dev.weir.tools.cases;

/** Texts as reports show them: whatever stands in a name, it neither ends a line nor makes a document malformed. */
final class Legible {
    private Legible() {}

    /** One line of characters that may stand in XML 1.0; others as {@code \\u001b}. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (shows(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        return line.toString();
    }

    private static boolean shows(int c) {
        return !Character.isISOControl(c)
                && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                && c != 0x2028
                && c != 0x2029
                && c != 0xfffe
                && c != 0xffff;
    }
}

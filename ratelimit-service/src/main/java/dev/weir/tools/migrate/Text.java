package dev.weir.tools.migrate;

/** Writes texts of a policy into another one. */
final class Text {
    private Text() {}

    /** Quotes a text so that YAML reads it back, and on one line, so that it may stand in a comment, too. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (isPlain(c)) {
                quoted.appendCodePoint(c);
            } else {
                quoted.append(c > 0xffff ? String.format("\\U%08x", c) : String.format("\\u%04x", c));
            }
        });
        return quoted.append('"').toString();
    }

    private static boolean isPlain(int c) {
        return Character.isLetterOrDigit(c) || (c >= ' ' && c < 0x7f);
    }
}

package dev.weir.text;

/** Turns what a client sent into what a page in UTF-8 can show. Pure. */
public final class PrintableText {
    private static final char UNSHOWABLE = '\ufffd';
    private static final int LINE_SEPARATOR = 0x2028;
    private static final int PARAGRAPH_SEPARATOR = 0x2029;

    private PrintableText() {}

    /** Returns the first {@code most} chars at most, no character halved; the text itself where it is short enough. */
    public static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean halves = Character.isSurrogatePair(text.charAt(most - 1), text.charAt(most));
        return text.substring(0, halves ? most - 1 : most);
    }

    /** Replaces every control character, and every byte that was not UTF-8, by a sign. */
    public static String of(String text) {
        StringBuilder legible = new StringBuilder(text.length());
        text.codePoints().forEach(character -> legible.appendCodePoint(isShowable(character) ? character : UNSHOWABLE));
        return legible.toString();
    }

    /**
     * Returns one line of characters that may stand in XML 1.0, so that it neither ends a line nor makes a document malformed; others
     * become {@code \\u001b}.
     */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isOfALine(c)) {
                line.appendCodePoint(c);
            } else {
                line.append(String.format("\\u%04x", c));
            }
        });
        return line.toString();
    }

    private static boolean isOfALine(int c) {
        return !Character.isISOControl(c)
                && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                && c != LINE_SEPARATOR
                && c != PARAGRAPH_SEPARATOR
                && c != 0xfffe
                && c != 0xffff;
    }

    private static boolean isShowable(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }
}

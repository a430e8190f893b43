package dev.weir.text;

/** Makes of what a client sent what a page in UTF-8 can show. Pure. */
public final class PrintableText {
    private static final char UNSHOWABLE = '\ufffd';

    private PrintableText() {}

    /** The first {@code most} characters at most, no character halved; the text itself where it is short enough. */
    public static String start(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean halves = Character.isSurrogatePair(text.charAt(most - 1), text.charAt(most));
        return text.substring(0, halves ? most - 1 : most);
    }

    /** With a sign in the place of every control character and of every byte that was no UTF-8. */
    public static String of(String text) {
        StringBuilder legible = new StringBuilder(text.length());
        text.codePoints().forEach(character -> legible.appendCodePoint(isShowable(character) ? character : UNSHOWABLE));
        return legible.toString();
    }

    private static boolean isShowable(int character) {
        return !Character.isISOControl(character) && Character.getType(character) != Character.SURROGATE;
    }
}

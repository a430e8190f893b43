package dev.weir.config;

/** A problem in a file that a person wrote: where, what, and what to do about it. */
public record Problem(Location place, Rule rule, String message) implements Comparable<Problem> {
    /** Makes a problem of the file as a whole. */
    public Problem(String file, Rule rule, String message) {
        this(Location.of(file), rule, message);
    }

    public boolean isError() {
        return rule.severity() == Severity.ERROR;
    }

    /** Compares by place; problems of one place stay in the order in which they were found. */
    @Override
    public int compareTo(Problem other) {
        return place.compareTo(other.place);
    }

    /** Returns {@code file:line:column: severity rule: message}, in one line whatever was quoted from the file. */
    @Override
    public String toString() {
        return place + ": " + rule.severity().word() + " " + rule.name() + ": " + oneLine();
    }

    /** Returns the message with line breaks, and other characters that could mislead a terminal or a reader, escaped. */
    public String oneLine() {
        StringBuilder line = new StringBuilder();
        message.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    line.append(escape(c));
                default -> line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    private static String escape(int character) {
        return switch (character) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            default -> "\\u%04x".formatted(character);
        };
    }
}

package dev.weir.config;

import java.util.Comparator;

/**
 * What is wrong in a file that a person wrote, where, and what to do about it.
 *
 * @param file the file as the person named it
 * @param line from 1; 0 where the problem is the file itself
 * @param column from 1; 0 where the problem is the file itself
 */
public record Problem(String file, int line, int column, String message) implements Comparable<Problem> {
    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing(Problem::file).thenComparingInt(Problem::line).thenComparingInt(Problem::column);

    @Override
    public int compareTo(Problem other) {
        return BY_PLACE.compare(this, other);
    }

    /** One line, whatever was quoted from the file. */
    @Override
    public String toString() {
        String oneLine = message.replace("\n", "\\n").replace("\r", "\\r");
        return line == 0 ? file + ": " + oneLine : file + ":" + line + ":" + column + ": " + oneLine;
    }
}

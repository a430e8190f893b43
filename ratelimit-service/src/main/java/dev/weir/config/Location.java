package dev.weir.config;

import java.util.Comparator;

/**
 * A file, or a place in one.
 *
 * @param file its name, as the person gave it
 * @param line from 1; 0 where the file itself is meant
 * @param column from 1; 0 where the file itself is meant
 */
public record Location(String file, int line, int column) implements Comparable<Location> {
    private static final Comparator<Location> IN_ORDER = Comparator.comparing(Location::file)
            .thenComparingInt(Location::line)
            .thenComparingInt(Location::column);

    public static Location of(String file) {
        return new Location(file, 0, 0);
    }

    @Override
    public int compareTo(Location other) {
        return IN_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}

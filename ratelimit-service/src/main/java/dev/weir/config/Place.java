package dev.weir.config;

import java.util.Comparator;

/**
 * Where something stands.
 *
 * @param file as the person named it
 * @param line from 1; 0 where the file itself is meant
 * @param column from 1; 0 where the file itself is meant
 */
public record Place(String file, int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> IN_ORDER =
            Comparator.comparing(Place::file).thenComparingInt(Place::line).thenComparingInt(Place::column);

    public static Place of(String file) {
        return new Place(file, 0, 0);
    }

    @Override
    public int compareTo(Place other) {
        return IN_ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }
}

package dev.weir.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Looks up what stands where in the text of a file. Columns count Unicode characters. */
final class YamlSource {
    private final String file;
    private final String text;
    private final long lines;

    /** @param text its lines end with line feeds */
    YamlSource(String file, String text) {
        this.file = file;
        this.text = text;
        this.lines = text.lines().count();
    }

    String text() {
        return text;
    }

    Location file() {
        return Location.of(file);
    }

    /** Returns the place of a mark; the end of the last line where the parser means the line after that. */
    Location place(Mark mark) {
        return mark.getLine() < lines ? new Location(file, mark.getLine() + 1, mark.getColumn() + 1) : end();
    }

    Location place(Optional<Mark> mark) {
        return mark.map(this::place).orElse(file());
    }

    /** @param offset in {@code char}s from the start of the text, up to its length */
    Location place(int offset) {
        int start = offset == 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
        long line = 1 + text.substring(0, start).lines().count();
        return new Location(file, (int) line, text.codePointCount(start, offset) + 1);
    }

    private Location end() {
        return place(text.endsWith("\n") ? text.length() - 1 : text.length());
    }

    /** Returns what precedes a place in its line. */
    String before(Location place) {
        String line = line(place.line());
        return line.substring(0, offset(line, place));
    }

    /** Returns the rest of a place's line, from the place on. */
    String from(Location place) {
        String line = line(place.line());
        return line.substring(offset(line, place));
    }

    private String line(int number) {
        return text.lines().skip(number - 1L).findFirst().orElse("");
    }

    private static int offset(String line, Location place) {
        int characters = Math.min(place.column() - 1, line.codePointCount(0, line.length()));
        return line.offsetByCodePoints(0, characters);
    }
}

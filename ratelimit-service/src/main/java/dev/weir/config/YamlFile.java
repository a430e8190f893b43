package dev.weir.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a YAML file of one document into values that know their line and column. It refuses, with its place, what a person may
 * overlook: anchors and aliases, merge keys, tags, directives, keys that stand twice. It also refuses what could take long: files above
 * 4 MiB, texts above 4,096 characters, more than 64 levels or 500,000 values.
 */
public final class YamlFile {
    private YamlFile() {}

    /** Reads the document's mapping; null with the reason added to {@code problems}. */
    public static @Nullable YamlMap read(Path path, Problems problems) {
        String text = TextFile.read(path, problems);
        return text == null ? null : parse(path.toString(), text, problems);
    }

    /**
     * Reads the document's mapping; null with the reason added to {@code problems}.
     *
     * @param remedy what to do with a file that is too large
     */
    public static @Nullable YamlMap read(Path path, String remedy, Problems problems) {
        String text = TextFile.read(path, remedy, problems);
        return text == null ? null : parse(path.toString(), text, problems);
    }

    static @Nullable YamlMap parse(String file, String text, Problems problems) {
        YamlSource source = new YamlSource(file, text);
        return new YamlCharacters(source, problems).check() ? parse(source, problems) : null;
    }

    private static @Nullable YamlMap parse(YamlSource source, Problems problems) {
        YamlTrail trail = new YamlTrail(source.text());
        try {
            YamlNode root = new YamlTree(source, trail, problems).read();
            if (root == null
                    || (root instanceof YamlNode.Text text && text.text().isEmpty())) {
                problems.add(new Problem(source.file(), YamlRules.FILE, "is empty"));
                return null;
            }
            return new YamlValue(root, problems).asMap();
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        } catch (MarkedYamlEngineException e) {
            problems.add(new YamlMistake(source, trail, e).problem());
        } catch (YamlEngineException | IllegalArgumentException e) {
            // Some of the parser's errors have no place, and for some broken escapes it throws the other exception.
            problems.add(new Problem(
                    trail.reached(source),
                    YamlRules.SYNTAX,
                    "what follows cannot be read; check its quotes, escapes and indentation"));
        }
        return null;
    }
}

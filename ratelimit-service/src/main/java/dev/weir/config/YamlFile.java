package dev.weir.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a YAML file of one document to nodes that know their line and column. */
public final class YamlFile {
    private static final long MAX_BYTES = 4 << 20;

    private YamlFile() {}

    /** The document's mapping, or null with the reason added to {@code problems}. */
    public static @Nullable YamlMap read(Path path, Problems problems) {
        String file = path.toString();
        try {
            if (Files.size(path) > MAX_BYTES) {
                problems.add(new Problem(file, YamlRules.FILE, "is larger than 4 MiB; split it into several files"));
                return null;
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(path)))
                    .toString();
            return parse(file, text, problems);
        } catch (NoSuchFileException e) {
            problems.add(new Problem(file, YamlRules.FILE, "does not exist"));
        } catch (CharacterCodingException e) {
            problems.add(new Problem(file, YamlRules.SYNTAX, "is not UTF-8; save it as UTF-8"));
        } catch (IOException e) {
            problems.add(new Problem(file, YamlRules.FILE, "cannot be read: " + e));
        }
        return null;
    }

    static @Nullable YamlMap parse(String file, String text, Problems problems) {
        LoadSettings settings = LoadSettings.builder().setLabel(file).build();
        try {
            Iterator<Node> documents =
                    new Compose(settings).composeAllFromString(text).iterator();
            if (!documents.hasNext()) {
                problems.add(new Problem(file, YamlRules.FILE, "is empty"));
                return null;
            }
            YamlValue root = new YamlValue(file, documents.next(), problems);
            if (documents.hasNext()) {
                new YamlValue(file, documents.next(), problems)
                        .problem(YamlRules.SYNTAX, "a second document starts here; put it into a file of its own");
                return null;
            }
            return root.asMap();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0);
            problems.add(
                    new Problem(new Place(file, line, column), YamlRules.SYNTAX, "is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            String firstLine = Optional.ofNullable(e.getMessage())
                    .orElse("unreadable")
                    .lines()
                    .findFirst()
                    .orElse("");
            problems.add(new Problem(file, YamlRules.SYNTAX, "is not YAML: " + firstLine));
        } catch (StackOverflowError e) {
            // The parser calls itself for every level and sets no bound.
            problems.add(new Problem(file, YamlRules.SYNTAX, "is nested too deeply; write it flatter"));
        }
        return null;
    }
}

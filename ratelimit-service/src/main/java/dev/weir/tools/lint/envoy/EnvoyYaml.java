package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.TextFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the YAML that Envoy and its control planes write, which is more than a policy may have: documents, aliases, JSON. */
final class EnvoyYaml {
    private static final int MAX_BYTES = 4 << 20;

    private EnvoyYaml() {}

    /** Returns the documents of the file; none after adding a problem. */
    static List<Node> read(Path path, Problems problems) {
        String text =
                TextFile.read(path, "name a file with only the listeners, routes and clusters that matter", problems);
        return text == null ? List.of() : parse(path.toString(), text, problems);
    }

    private static List<Node> parse(String file, String text, Problems problems) {
        // Aliases are not counted here: whoever walks the nodes bounds the steps.
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setCodePointLimit(MAX_BYTES)
                .setMaxAliasesForCollections(Integer.MAX_VALUE)
                .build();
        try {
            List<Node> documents = new ArrayList<>();
            new Compose(settings).composeAllFromString(text).forEach(documents::add);
            return documents;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            int column = e.getProblemMark().map(mark -> mark.getColumn() + 1).orElse(0);
            problems.add(new Problem(
                    new Location(file, line, column), EnvoyRules.UNREADABLE, "is not YAML: " + e.getProblem()));
        } catch (YamlEngineException e) {
            String firstLine = Optional.ofNullable(e.getMessage())
                    .orElse("unreadable")
                    .lines()
                    .findFirst()
                    .orElse("");
            problems.add(new Problem(file, EnvoyRules.UNREADABLE, "is not YAML: " + firstLine));
        } catch (StackOverflowError e) {
            // The parser recurses for every level and sets no bound.
            problems.add(new Problem(file, EnvoyRules.UNREADABLE, "is nested too deeply; Envoy would not take it"));
        }
        return List.of();
    }
}

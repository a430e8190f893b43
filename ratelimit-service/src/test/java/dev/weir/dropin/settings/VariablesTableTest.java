package dev.weir.dropin.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of docs/drop-in.md has each variable that the reference has, and says of each what the code does. */
class VariablesTableTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (yes|no) \\| ?(.*) ?\\|$");

    @Test
    void eachVariableOfTheReferenceIsKnown() throws IOException {
        assertEquals(recorded(), names());
    }

    @Test
    void theTableSaysWhichAreHonoured() throws IOException {
        Map<String, String> code = new TreeMap<>();
        for (Variable variable : Variable.values()) {
            code.put(variable.name(), variable.instead() == null ? "yes" : "no: " + variable.instead());
        }

        assertEquals(code, table());
    }

    private static Map<String, String> table() throws IOException {
        return ROW.matcher(Files.readString(Path.of("docs", "drop-in.md")))
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1),
                        row -> row.group(2).equals("yes")
                                ? "yes"
                                : "no: " + row.group(3).strip(),
                        (one, other) -> one + " and " + other,
                        TreeMap::new));
    }

    private static Set<String> names() {
        return Arrays.stream(Variable.values()).map(Variable::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The names in the settings of the reference. */
    private static Set<String> recorded() throws IOException {
        try (InputStream names = VariablesTableTest.class.getResourceAsStream("variables.txt")) {
            return new TreeSet<>(Arrays.asList(new String(names.readAllBytes(), StandardCharsets.UTF_8).split("\n")));
        }
    }
}

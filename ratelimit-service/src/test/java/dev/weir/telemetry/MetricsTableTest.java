package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** R6.3: the table of metrics is the page in words, no more and no less. */
class MetricsTableTest {
    private static final MetricsPage PAGE = MetricsPage.full();
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");
    private static final int COLUMNS = 4;

    /** Labels by metric. */
    private final Map<String, Set<String>> table = new TreeMap<>();

    MetricsTableTest() {
        Monitoring.read("README.md")
                .lines()
                .filter(line -> line.matches("\\| `[a-z_]+`[ ,].*"))
                .map(line -> line.substring(2, line.length() - 2).split("\\s*\\|\\s*", -1))
                .forEach(this::add);
    }

    private void add(String[] row) {
        assertEquals(COLUMNS, row.length, () -> Arrays.toString(row));
        assertTrue(!row[2].isBlank() && !row[3].isBlank(), () -> row[0] + " has no meaning, or nothing to act upon");
        codes(row[0]).forEach(metric -> {
            Set<String> before = table.put(metric, codes(row[1]));
            assertEquals(null, before, () -> metric + " stands in the table twice");
        });
    }

    private static Set<String> codes(String cell) {
        return CODE.matcher(cell).results().map(code -> code.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricOfOursIsInTheTable() {
        Set<String> missing = new TreeSet<>(PAGE.families());
        missing.removeIf(family -> !family.startsWith("weir_"));
        missing.removeAll(table.keySet());
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyMetricInTheTableIsOnThePage() {
        Set<String> gone = new TreeSet<>(table.keySet());
        gone.removeAll(PAGE.families());
        assertEquals(Set.of(), gone);
    }

    @Test
    void theTableNamesTheLabelsOfEachMetric() {
        Map<String, Set<String>> found = new TreeMap<>(table);
        found.replaceAll((metric, labels) -> PAGE.labels(metric));
        assertEquals(table, found);
    }
}

package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** R6.3: what the Grafana dashboard shows exists. */
class DashboardTest {
    private static final MetricsPage PAGE = MetricsPage.full();
    private static final int COLUMNS = 24;
    private static final Pattern LEGEND = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.*), (\\w+)\\)");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(?!__)(\\w+)");

    private final JsonObject dashboard =
            JsonParser.parseString(Monitoring.read("dashboard.json")).getAsJsonObject();
    private final List<JsonObject> panels = objects(dashboard, "panels");
    private final List<JsonObject> variables = objects(dashboard.getAsJsonObject("templating"), "list");

    private record Place(int x, int y, int width, int height) {
        static Place of(JsonObject panel) {
            JsonObject place = panel.getAsJsonObject("gridPos");
            return new Place(number(place, "x"), number(place, "y"), number(place, "w"), number(place, "h"));
        }

        private static int number(JsonObject place, String name) {
            return place.get(name).getAsInt();
        }

        boolean overlaps(Place other) {
            return x < other.x + other.width
                    && other.x < x + width
                    && y < other.y + other.height
                    && other.y < y + height;
        }
    }

    @Test
    void everyMetricAndLabelOfEveryPanelIsOnThePage() {
        List<String> wrong = new ArrayList<>();
        for (JsonObject panel : panels) {
            List<JsonObject> targets = objects(panel, "targets");
            assertFalse(targets.isEmpty(), () -> text(panel, "title"));
            for (JsonObject target : targets) {
                Promql.of(text(target, "expr"))
                        .findsNothing(PAGE)
                        .forEach(what -> wrong.add(text(panel, "title") + ": " + what));
            }
        }
        for (JsonObject annotation : objects(dashboard.getAsJsonObject("annotations"), "list")) {
            wrong.addAll(Promql.of(text(annotation, "expr")).findsNothing(PAGE));
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyLegendNamesLabelsThatTheResultHas() {
        List<String> wrong = new ArrayList<>();
        for (JsonObject panel : panels) {
            for (JsonObject target : objects(panel, "targets")) {
                Promql expression = Promql.of(text(target, "expr"));
                String legend = target.has("legendFormat") ? text(target, "legendFormat") : "";
                LEGEND.matcher(legend)
                        .results()
                        .filter(label -> !expression.answersWith(label.group(1), PAGE))
                        .forEach(label -> wrong.add(text(panel, "title") + ": " + label.group()));
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() {
        Set<Integer> ids = new HashSet<>();
        List<Place> places = new ArrayList<>();
        for (JsonObject panel : panels) {
            Place place = Place.of(panel);
            assertTrue(ids.add(panel.get("id").getAsInt()), () -> text(panel, "title"));
            assertTrue(place.x >= 0 && place.x + place.width <= COLUMNS, () -> text(panel, "title"));
            assertFalse(places.stream().anyMatch(place::overlaps), () -> text(panel, "title"));
            places.add(place);
        }
    }

    @Test
    void everyPanelSaysWhatItShows() {
        for (JsonObject panel : panels) {
            assertFalse(text(panel, "title").isBlank());
            assertFalse(text(panel, "description").isBlank(), () -> text(panel, "title"));
        }
    }

    @Test
    void everyVariableThatIsUsedIsDefinedAndItsValuesExist() {
        Set<String> defined = new HashSet<>();
        for (JsonObject variable : variables) {
            defined.add(text(variable, "name"));
            if (text(variable, "type").equals("query")) {
                Matcher query = LABEL_VALUES.matcher(text(variable.getAsJsonObject("query"), "query"));
                assertTrue(query.matches(), () -> text(variable, "name"));
                assertEquals(List.of(), Promql.of(query.group(1)).findsNothing(PAGE));
                assertTrue(Promql.of(query.group(1)).answersWith(query.group(2), PAGE));
            }
        }
        Set<String> used = new HashSet<>();
        VARIABLE.matcher(dashboard.toString()).results().forEach(variable -> used.add(variable.group(1)));
        assertEquals(defined, used);
    }

    @Test
    void itCanBeImportedAgainAndFindsItsDataWhereTheReaderSays() {
        assertEquals("weir", text(dashboard, "uid"));
        assertTrue(dashboard.get("schemaVersion").getAsInt() >= 39);
        for (JsonObject panel : panels) {
            assertEquals("${datasource}", text(panel.getAsJsonObject("datasource"), "uid"));
        }
    }

    private static List<JsonObject> objects(JsonObject in, String name) {
        return in.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
    }

    private static String text(JsonObject in, String name) {
        return in.get(name).getAsString();
    }
}

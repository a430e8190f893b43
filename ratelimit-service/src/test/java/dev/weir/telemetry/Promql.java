package dev.weir.telemetry;

import dev.weir.telemetry.MetricsPage.Series;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics and labels that an expression of PromQL asks for. Knows of the language what rules and dashboards need, and fails at
 * what it does not know.
 *
 * @param groupings the labels of {@code by (...)} and the like
 */
record Promql(List<Selector> selectors, Set<String> groupings) {
    /** What Prometheus adds to every series. */
    private static final Set<String> PROMETHEUS_LABELS = Set.of("job", "instance");

    /** What Prometheus itself writes. */
    private static final Set<String> PROMETHEUS_METRICS = Set.of("up");

    private static final Set<String> FUNCTIONS = Set.of(
            "absent",
            "changes",
            "count",
            "histogram_quantile",
            "increase",
            "max",
            "rate",
            "sum",
            "time",
            "topk",
            "vector");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "offset", "bool");

    private static final String QUOTED = "\"(?:[^\"\\\\]|\\\\.)*\"";
    private static final Pattern TOKEN = Pattern.compile("(?<skipped>"
            + QUOTED
            + "|\\[[^\\]]*]|\\$\\w+|\\d[\\w.]*)"
            + "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\((?<grouping>[^)]*)\\)"
            + "|(?<name>[a-zA-Z_:][\\w:]*)(?:\\s*\\{(?<conditions>(?:[^\"}]|"
            + QUOTED
            + ")*)}|\\s*(?<call>\\(|(?=\\b(?:by|without)\\b)))?");
    private static final Pattern CONDITION =
            Pattern.compile("(?<label>\\w+)\\s*(?<operator>=~|!~|!=|=)\\s*\"(?<value>[^\"]*)\"");

    /** @param operator {@code =}, {@code !=}, {@code =~} or {@code !~} */
    record Condition(String label, String operator, String value) {
        boolean holds(Series series) {
            if (PROMETHEUS_LABELS.contains(label)) {
                return true;
            }
            String found = series.labels().get(label);
            if (found == null) {
                return false;
            }
            boolean same = operator.endsWith("~") ? found.matches(value) : found.equals(value);
            return same != operator.startsWith("!");
        }
    }

    record Selector(String metric, List<Condition> conditions) {
        boolean finds(MetricsPage page) {
            return PROMETHEUS_METRICS.contains(metric) || page.series().stream().anyMatch(this::finds);
        }

        private boolean finds(Series series) {
            return series.name().equals(metric) && conditions.stream().allMatch(condition -> condition.holds(series));
        }
    }

    static Promql of(String expression) {
        List<Selector> selectors = new ArrayList<>();
        Set<String> groupings = new TreeSet<>();
        Matcher token = TOKEN.matcher(expression);
        while (token.find()) {
            String name = token.group("name");
            if (token.group("grouping") != null) {
                groupings.addAll(List.of(token.group("grouping").trim().split("\\s*,\\s*", -1)));
            } else if (token.group("call") != null && !OPERATORS.contains(name)) {
                if (!FUNCTIONS.contains(name)) {
                    throw new AssertionError("unknown function " + name + " in " + expression);
                }
            } else if (name != null && !OPERATORS.contains(name)) {
                selectors.add(new Selector(name, conditions(token.group("conditions"))));
            }
        }
        return new Promql(selectors, groupings);
    }

    private static List<Condition> conditions(String text) {
        List<Condition> conditions = new ArrayList<>();
        Matcher condition = CONDITION.matcher(text == null ? "" : text);
        while (condition.find()) {
            conditions.add(
                    new Condition(condition.group("label"), condition.group("operator"), condition.group("value")));
        }
        return conditions;
    }

    /** What of it finds nothing on the page, in words. */
    List<String> findsNothing(MetricsPage page) {
        List<String> wrong = new ArrayList<>();
        Map<String, Set<String>> labels = new HashMap<>();
        for (Selector selector : selectors) {
            if (!selector.finds(page)) {
                wrong.add("no series " + selector);
            }
            page.series().stream()
                    .filter(series -> series.name().equals(selector.metric()))
                    .forEach(series -> labels.computeIfAbsent(selector.metric(), unseen -> new HashSet<>())
                            .addAll(series.labels().keySet()));
        }
        for (String grouping : groupings) {
            if (!PROMETHEUS_LABELS.contains(grouping)
                    && !labels.values().stream().allMatch(known -> known.contains(grouping))) {
                wrong.add("no label " + grouping + " on all of " + labels.keySet());
            }
        }
        return wrong;
    }

    /** Whether the result has this label: one that it is grouped by, or any of its metrics' where nothing groups. */
    boolean answersWith(String label, MetricsPage page) {
        return groupings.isEmpty()
                ? PROMETHEUS_LABELS.contains(label)
                        || selectors.stream()
                                .anyMatch(selector ->
                                        page.labels(selector.metric()).contains(label))
                : groupings.contains(label);
    }
}

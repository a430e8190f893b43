package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** R6.3: the alert rules ask for what there is, and say what to do. That they fire is AlertRulesIT's. */
class AlertRulesTest {
    private static final MetricsPage PAGE = MetricsPage.full();
    private static final Pattern LABEL = Pattern.compile("\\$labels\\.(\\w+)");
    private static final Pattern METRIC = Pattern.compile("\\b(?:weir|jvm|process)_\\w+");

    record Rule(String alert, String expr, Map<String, String> labels, Map<String, String> annotations) {
        @Override
        public String toString() {
            return alert;
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyMetricAndLabelOfARuleIsOnThePage(Rule rule) {
        Promql expression = Promql.of(rule.expr);
        assertFalse(expression.selectors().isEmpty());
        assertEquals(List.of(), expression.findsNothing(PAGE));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleSaysHowUrgentItIsWhatHappensAndWhatToDo(Rule rule) {
        assertEquals(Set.of("severity"), rule.labels.keySet());
        assertTrue(Set.of("critical", "warning").contains(rule.labels.get("severity")));
        assertEquals(Set.of("summary", "description", "action"), rule.annotations.keySet());
    }

    @ParameterizedTest
    @MethodSource("rules")
    void whatTheWordsOfARuleNameExists(Rule rule) {
        String words = String.join("\n", rule.annotations.values());
        List<String> labels = LABEL.matcher(words)
                .results()
                .map(found -> found.group(1))
                .filter(label -> !Promql.of(rule.expr).answersWith(label, PAGE))
                .toList();
        assertEquals(List.of(), labels);
        List<String> metrics = METRIC.matcher(words)
                .results()
                .map(MatchResult::group)
                .filter(metric -> !PAGE.families().contains(metric))
                .toList();
        assertEquals(List.of(), metrics);
    }

    @Test
    void everyAlertHasACaseThatFiresAndOneThatIsSilent() {
        List<String> cases = list(yaml("alerts_test.yaml").get("tests")).stream()
                .map(test -> (String) map(test).get("name"))
                .toList();
        for (Rule rule : rules().toList()) {
            assertTrue(cases.stream().anyMatch(name -> name.startsWith(rule.alert + " fires at ")), rule.alert);
            assertTrue(cases.stream().anyMatch(name -> name.startsWith(rule.alert + " is silent at ")), rule.alert);
        }
    }

    static Stream<Rule> rules() {
        return list(yaml("alerts.yaml").get("groups")).stream()
                .flatMap(group -> list(map(group).get("rules")).stream())
                .map(rule -> rule(map(rule)));
    }

    private static Rule rule(Map<String, Object> rule) {
        return new Rule(
                (String) rule.get("alert"),
                (String) rule.get("expr"),
                texts(rule.get("labels")),
                texts(rule.get("annotations")));
    }

    private static Map<String, Object> yaml(String file) {
        return map(new Load(LoadSettings.builder().build()).loadFromString(Monitoring.read(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object yaml) {
        return (Map<String, Object>) yaml;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> texts(Object yaml) {
        return (Map<String, String>) yaml;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object yaml) {
        return (List<Object>) yaml;
    }
}

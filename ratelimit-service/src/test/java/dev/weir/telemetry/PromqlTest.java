package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What checks the rules and the dashboard must itself see what is wrong with them. */
class PromqlTest {
    private static final MetricsPage PAGE = MetricsPage.of("""
            # TYPE calls_total counter
            calls_total{domain="llm",outcome="allowed"} 3.0
            # TYPE call_seconds histogram
            call_seconds_bucket{le="0.1"} 3
            call_seconds_count 3
            """);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calls_total",
                "up{job=\"weir\"} == 0 or absent(up{job=\"weir\"})",
                "sum by (domain, instance) (rate(calls_total{outcome=\"allowed\", job=~\"$job\"}[5m] offset 1h)) > 1e3",
                "histogram_quantile(0.99, sum by (le) (rate(call_seconds_bucket[$__rate_interval])))",
                "calls_total{outcome=~\"refused|allowed\"} and (call_seconds_count) > $bound",
                "calls_total{outcome!=\"refused\"}"
            })
    void whatIsOnThePageIsFound(String expression) {
        assertEquals(List.of(), Promql.of(expression).findsNothing(PAGE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call_total",
                "call_seconds",
                "rate(calls_total[5m]) / rate(decisions_total[5m])",
                "calls_total{limit=\"x\"}",
                "calls_total{outcome=\"refused\"}",
                "calls_total{outcome!=\"allowed\"}",
                "calls_total{outcome=~\"refuse.\"}",
                "sum by (limit) (calls_total)",
                "sum by (domain) (calls_total) / sum by (domain) (call_seconds_count)"
            })
    void whatIsNotOnThePageIsTold(String expression) {
        assertFalse(Promql.of(expression).findsNothing(PAGE).isEmpty());
    }

    @Test
    void anUnknownFunctionIsNoMetric() {
        assertThrows(AssertionError.class, () -> Promql.of("summ(calls_total)"));
    }
}

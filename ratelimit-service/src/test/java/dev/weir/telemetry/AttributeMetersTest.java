package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.decide.Decisions;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** R6.3: a client's words become labels only where the policy asks for them, and never without bound. */
class AttributeMetersTest {
    private static final Policy POLICY = new Policy(Map.of("llm", new Domain("llm", List.of())));

    private final Telemetry telemetry = new Telemetry(POLICY);

    @BeforeEach
    void nameTheTeam() {
        telemetry.load(POLICY, domain -> List.of("team"));
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void decisionsAreCountedByTheValueOfTheAttributeThatIsNamed() {
        allow("team", "search", "user", "alice");
        allow("team", "search", "user", "bob");
        refuse("team", "search");
        refuse("team", "ads");

        assertEquals(2, count("search", "allowed"));
        assertEquals(1, count("search", "refused"));
        assertEquals(1, count("ads", "refused"));
        assertTrue(Stream.of("alice", "bob").noneMatch(telemetry.page()::contains));
    }

    @Test
    void aRequestIsCountedOnceHoweverManyDescriptorsItHas() {
        Request request = new Request(
                "llm",
                null,
                List.of(
                        new Descriptor(Attributes.of("user", "alice"), 1),
                        new Descriptor(Attributes.of("team", "search"), 1),
                        new Descriptor(Attributes.of("team", "ads"), 1)),
                List.of());
        telemetry.decided(request, Decisions.allowed(List.of(), null), 1);

        assertEquals(1, count("search", "allowed"));
        assertEquals(0, count("none", "allowed"));
        assertTrue(!values().contains("ads"));
    }

    @Test
    void aRequestWithoutTheAttributeCountsAsNone() {
        allow("user", "alice");

        assertEquals(1, count("none", "allowed"));
    }

    @Test
    void afterAThousandValuesNewOnesShareALine() {
        for (int i = 0; i < 1_200; i++) {
            allow("team", "team-" + i);
        }
        allow("team", "team-999");
        allow("team", "team-1000");

        assertEquals(2, count("team-999", "allowed"));
        assertEquals(201, count("other", "allowed"));
        assertEquals(1_002, values().size());
    }

    @Test
    void manyThreadsDoNotGoBeyondTheBoundAndLoseNothing() throws Exception {
        List<Callable<Void>> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            int first = caller * 150;
            callers.add(() -> {
                for (int i = 0; i < 1_200; i++) {
                    allow("team", "team-" + (first + i) % 1_200);
                }
                return null;
            });
        }
        ExecutorService threads = Executors.newFixedThreadPool(8);
        for (Future<Void> done : threads.invokeAll(callers)) {
            done.get();
        }
        threads.shutdown();

        assertEquals(1_002, values().size());
        assertEquals(9_600, sum());
    }

    @Test
    void longValuesAreCutAndCountTogether() {
        allow("team", "x".repeat(100) + "a");
        allow("team", "x".repeat(100) + "b");

        assertEquals(2, count("x".repeat(100), "allowed"));
    }

    @Test
    void bytesThatAreNoTextLeaveThePageReadable() {
        allow("team", "a\udcff");
        allow("team", "a\udcfe");
        allow("team", "");

        assertEquals(2, count("a\ufffd", "allowed"));
        assertEquals(1, count("", "allowed"));
    }

    @Test
    void anAttributeThatIsNoLongerNamedIsNoLongerCounted() {
        allow("team", "search");
        telemetry.load(POLICY, domain -> List.of("user"));
        allow("team", "search", "user", "alice");
        telemetry.load(POLICY, domain -> List.of("team", "user"));
        allow("team", "search", "user", "alice");

        assertEquals(2, count("search", "allowed"));
        assertEquals(2, count("alice", "allowed"));
    }

    @Test
    void withoutNamesNothingIsCounted() {
        telemetry.load(POLICY);
        allow("team", "ads");

        assertTrue(!values().contains("ads"));
    }

    private void allow(String... attributes) {
        telemetry.decided(request(attributes), Decisions.allowed(List.of(), null), 1);
    }

    private void refuse(String... attributes) {
        telemetry.decided(
                request(attributes), Decisions.refused(RefusalReason.STORE_FULL, null, List.of(), 1, "No."), 1);
    }

    private static Request request(String... attributes) {
        return new Request("llm", null, List.of(new Descriptor(Attributes.of(attributes), 1)), List.of());
    }

    private double count(String value, String outcome) {
        return page().value("weir_attribute_decisions_total", "domain", "llm", "value", value, "outcome", outcome);
    }

    private Set<String> values() {
        return page().values("weir_attribute_decisions_total", "value");
    }

    private double sum() {
        return page().series().stream()
                .filter(series -> series.name().equals("weir_attribute_decisions_total"))
                .mapToDouble(MetricsPage.Series::value)
                .sum();
    }

    private MetricsPage page() {
        return MetricsPage.of(telemetry.page());
    }
}

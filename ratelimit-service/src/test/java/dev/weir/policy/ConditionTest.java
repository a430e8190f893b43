package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** R1.1: values, lists, globs and negations; `LimitIndexTest` holds how they are found. */
class ConditionTest {
    @Test
    void aListIsMetByEachOfItsValues() {
        assertMet("[prod, stage]", "prod", "stage");
    }

    @Test
    void aGlobIsMetByWhatFitsAroundItsStars() {
        assertMet("\"st*\"", "stage", "st", "st*");
        assertMet("[dev, \"st*\"]", "dev", "stage", "st", "st*");
        assertMet("\"*\"", "prod", "stage", "dev", "st", "st*", "");
    }

    @Test
    void anEscapedStarIsAValue() {
        assertMet("'st\\*'", "st*");
    }

    @Test
    void aNegationIsMetByEverythingElseAndByNothingAtAll() {
        LimitIndex index = index("{not: prod}");

        assertEquals(Set.of("l"), matches(index, "environment", "dev"));
        assertEquals(Set.of(), matches(index, "environment", "prod"));
        assertEquals(Set.of("l"), matches(index, "user", "alice"));
        assertEquals(Set.of("l"), matches(index("{not: [dev, \"st*\"]}"), "environment", "prod"));
        assertEquals(Set.of(), matches(index("{not: [dev, \"st*\"]}"), "environment", "stage"));
    }

    @Test
    void aRequestLacksNothingThatIsOnlyNegated() {
        LimitIndex index = Policies.domain("""
                domain: llm
                limits:
                  - {name: l, tier: user, per: [user], when: {environment: {not: prod}, model: "gpt-*"}, allow: 1 requests / 1s}
                """).index();

        assertEquals(Set.of("model", "user"), index.missing(Attributes.of("environment", "dev")));
        assertEquals(Set.of(), index.missing(Attributes.of("environment", "prod")));
        assertEquals(Set.of(), index.missing(Attributes.of("model", "claude")));
    }

    @Test
    void aLimitOfSeveralValuesIsFoundOnceWhateverStandsTwice() {
        LimitIndex index = index("[prod, dev]");

        assertEquals(List.of("l"), found(index, "environment", "prod", "environment", "dev"));
        assertEquals(List.of(), found(index, "environment", "stage", "environment", "dev"));
    }

    @Test
    void aConditionReadsAsItWasWritten() {
        assertEquals("environment: prod", condition("prod").toString());
        assertEquals(
                "environment: [dev, prod, st*]",
                condition("[prod, dev, \"st*\"]").toString());
        assertEquals("environment: not prod", condition("{not: prod}").toString());
    }

    private static void assertMet(String condition, String... expected) {
        LimitIndex index = index(condition);
        Set<String> met = new TreeSet<>();
        for (String value : List.of("prod", "stage", "dev", "st", "st*", "")) {
            if (!matches(index, "environment", value).isEmpty()) {
                met.add(value);
            }
        }
        assertEquals(new TreeSet<>(Set.of(expected)), met);
        assertEquals(Set.of(), matches(index, "user", "alice"));
    }

    private static Condition condition(String condition) {
        return domain(condition).limits().get(0).when().get(0);
    }

    private static LimitIndex index(String condition) {
        return domain(condition).index();
    }

    private static Domain domain(String condition) {
        return Policies.domain("domain: llm\nlimits:\n  - {name: l, tier: user, when: {environment: " + condition
                + "}, allow: 1 requests / 1s}\n");
    }

    private static Set<String> matches(LimitIndex index, String... attributes) {
        return new TreeSet<>(found(index, attributes));
    }

    private static List<String> found(LimitIndex index, String... attributes) {
        List<String> found = new ArrayList<>();
        index.match(Attributes.of(attributes), limit -> found.add(limit.name()));
        return found;
    }
}

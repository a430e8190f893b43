package dev.weir.tools.lint.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.Rule;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvoyRulesTest {
    @Test
    void everyRuleIsListedOnce() throws IllegalAccessException {
        List<Rule> declared = new ArrayList<>();
        for (Field field : EnvoyRules.class.getDeclaredFields()) {
            if (field.getType() == Rule.class) {
                declared.add((Rule) field.get(null));
            }
        }

        assertEquals(declared, EnvoyRules.all());
        assertEquals(
                declared.size(), declared.stream().map(Rule::name).distinct().count());
    }

    @Test
    void namesAreWrittenInOneWay() {
        for (Rule rule : EnvoyRules.all()) {
            assertTrue(rule.name().matches("[a-z0-9]+(-[a-z0-9]+)*"), rule.name());
        }
    }
}

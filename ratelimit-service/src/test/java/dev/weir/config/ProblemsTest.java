package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private final Problems problems = new Problems();

    @Test
    void nothingFoundIsNoException() throws ConfigException {
        problems.throwIfErrors();

        assertEquals(List.of(), problems.inOrder());
    }

    @Test
    void problemsAreThrownAtOnceInOrderOfPlace() {
        problems.add(problem("b.yaml", 0, 0, "is empty"));
        problems.add(problem("a.yaml", 10, 2, "third"));
        problems.add(problem("a.yaml", 9, 7, "second"));
        problems.add(problem("a.yaml", 9, 3, "first"));

        ConfigException thrown = assertThrows(ConfigException.class, problems::throwIfErrors);

        assertEquals("""
                a.yaml:9:3: error value: first
                a.yaml:9:7: error value: second
                a.yaml:10:2: error value: third
                b.yaml: error value: is empty""", thrown.getMessage());
        assertEquals(problems.inOrder(), thrown.problems());
    }

    @Test
    void twoProblemsOfOnePlaceAreBothKept() {
        problems.add(problem("a.yaml", 1, 1, "one"));
        problems.add(problem("a.yaml", 1, 1, "two"));

        assertEquals(2, problems.inOrder().size());
    }

    @Test
    void warningsAloneAreNoException() throws ConfigException {
        problems.add(new Problem("a.yaml", Rule.warning("odd", "It is odd."), "looks odd"));

        problems.throwIfErrors();

        assertEquals("a.yaml: warning odd: looks odd", problems.inOrder().get(0).toString());
    }

    @Test
    void beyondAThousandProblemsOneStandsForAllOthersAndIsAnErrorIfAnyIs() {
        Rule odd = Rule.warning("odd", "It is odd.");
        for (int line = 1; line <= 1_500; line++) {
            problems.add(new Problem(new Location("a.yaml", line, 1), odd, "looks odd"));
        }
        assertFalse(problems.hasErrors());
        problems.add(problem("a.yaml", 1_501, 1, "is wrong"));

        assertTrue(problems.hasErrors());
        assertEquals(1_001, problems.inOrder().size());
        assertEquals(
                "a.yaml:1501:1: error value: is wrong (and 500 more problems)",
                problems.inOrder().get(1_000).toString());
    }

    @Test
    void whatCouldDeceiveTheEyeIsEscaped() {
        Problem problem = new Problem("a.yaml", YamlRules.VALUE, "`a\u001b[2Kb\u202ec\u2028` is odd");

        assertEquals("a.yaml: error value: `a\\u001b[2Kb\\u202ec\\u2028` is odd", problem.toString());
    }

    @Test
    void whatIsQuotedFromAFileCannotBreakTheLine() {
        Problem problem = new Problem("a.yaml", YamlRules.VALUE, "`a\nb.yaml: error value: forged` is odd");

        assertEquals("a.yaml: error value: `a\\nb.yaml: error value: forged` is odd", problem.toString());
    }

    private static Problem problem(String file, int line, int column, String message) {
        return new Problem(new Location(file, line, column), YamlRules.VALUE, message);
    }
}

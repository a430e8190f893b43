package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemsTest {
    private final Problems problems = new Problems();

    @Test
    void nothingFoundIsNoException() throws ConfigException {
        problems.throwIfAny();

        assertEquals(List.of(), problems.inOrder());
    }

    @Test
    void problemsAreThrownAtOnceInOrderOfPlace() {
        problems.add(new Problem("b.yaml", 0, 0, "is empty"));
        problems.add(new Problem("a.yaml", 10, 2, "third"));
        problems.add(new Problem("a.yaml", 9, 7, "second"));
        problems.add(new Problem("a.yaml", 9, 3, "first"));

        ConfigException thrown = assertThrows(ConfigException.class, problems::throwIfAny);

        assertEquals("""
                a.yaml:9:3: first
                a.yaml:9:7: second
                a.yaml:10:2: third
                b.yaml: is empty""", thrown.getMessage());
        assertEquals(problems.inOrder(), thrown.problems());
    }

    @Test
    void twoProblemsOfOnePlaceAreBothKept() {
        problems.add(new Problem("a.yaml", 1, 1, "one"));
        problems.add(new Problem("a.yaml", 1, 1, "two"));

        assertEquals(2, problems.inOrder().size());
    }
}

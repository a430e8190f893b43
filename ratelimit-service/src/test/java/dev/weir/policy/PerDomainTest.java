package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerDomainTest {
    private final List<String> made = new ArrayList<>();
    private final PerDomain<Integer> numbers = new PerDomain<>(domain -> {
        made.add(domain.name());
        return made.size();
    });

    @Test
    void whatFollowsFromADomainIsMadeOnce() {
        Domain domain = new Domain("llm", List.of());

        assertEquals(1, numbers.of(domain));
        assertEquals(2, numbers.of(new Domain("api", List.of())));
        assertEquals(1, numbers.of(domain));
    }

    @Test
    void anotherDomainOfTheNameHasAnother() {
        assertEquals(1, numbers.of(new Domain("llm", List.of())));
        assertEquals(2, numbers.of(new Domain("llm", List.of())));
    }
}

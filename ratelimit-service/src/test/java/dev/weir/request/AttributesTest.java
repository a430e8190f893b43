package dev.weir.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {
    @Test
    void anAttributeIsFoundByItsName() {
        Attributes attributes = Attributes.of("user", "alice", "team", "red");

        assertEquals("red", attributes.get("team"));
        assertNull(attributes.get("Team"));
        assertNull(Attributes.NONE.get("team"));
    }

    @Test
    void theFirstOfADoubledNameCounts() {
        Attributes attributes = Attributes.of("user", "alice", "user", "mallory");

        assertEquals("alice", attributes.get("user"));
        assertEquals(Map.of("user", "alice"), attributes.toMap());
    }

    @Test
    void theMapHasTheOrderOfTheDescriptorAndNoReservedNames() {
        Attributes attributes = Attributes.of("z", "1", "weir.request_id", "r", "a", "2", "weirdo", "3", "weir.", "4");

        assertEquals(
                List.of(Map.entry("z", "1"), Map.entry("a", "2"), Map.entry("weirdo", "3")),
                List.copyOf(attributes.toMap().entrySet()));
        assertEquals("{z=1, a=2, weirdo=3}", attributes.toString());
    }

    @Test
    void everyNameNeedsAValue() {
        assertThrows(IllegalArgumentException.class, () -> Attributes.of(new String[] {"a"}, new String[0]));
    }

    @Test
    void reservedNamesCanBeLeftOut() {
        Attributes attributes = Attributes.of("weir.event", "settle", "user", "alice", "weir.x", "y", "team", "search");
        assertEquals(
                Map.of("user", "alice", "team", "search"),
                attributes.withoutReserved().toMap());
        assertEquals(2, attributes.withoutReserved().size());
        Attributes plain = Attributes.of("user", "alice");
        assertSame(plain, plain.withoutReserved());
    }
}

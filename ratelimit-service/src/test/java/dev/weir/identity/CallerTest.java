package dev.weir.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {
    @Test
    void knownAttributesStandFirstAndOthersFollowByName() {
        Caller caller =
                new Caller(Map.of("zone", "eu", "team", "search", "cost_center", "7", "key", "k1", "user", "ann"));

        assertEquals(
                "{key=k1, user=ann, team=search, cost_center=7, zone=eu}",
                caller.attributes().toString());
    }

    @Test
    void aCallerHasAKey() {
        assertThrows(IllegalArgumentException.class, () -> new Caller(Map.of("user", "ann")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Tenant", "cost-center", "weir.reservation", "7th", "a b", "x\r\ny"})
    void aNameThatCannotBeAHeaderIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Caller(Map.of("key", "k1", name, "x")));
    }
}

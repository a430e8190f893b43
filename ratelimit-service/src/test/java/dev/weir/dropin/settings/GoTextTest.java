package dev.weir.dropin.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Go takes for a value is taken here, as the same one; what it refuses is refused. */
class GoTextTest {
    @ParameterizedTest
    @CsvSource({"1,true", "t,true", "True,true", "TRUE,true", "0,false", "F,false", "false,false"})
    void flags(String text, boolean flag) {
        assertEquals(flag, GoText.flag(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "on", "tRUE", " true"})
    void whatIsNoFlag(String text) {
        assertThrows(IllegalArgumentException.class, () -> GoText.flag(text));
    }

    @ParameterizedTest
    @CsvSource({"8080,8080", "-1,-1", "+7,7", "0x1F,31", "0b101,5", "0o17,15", "017,15", "1_000,1000", "0,0"})
    void integers(String text, long number) {
        assertEquals(number, GoText.integer(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "8080 ", "1e3", "0x", "12a", "99999999999999999999", "_1", "1__0", "08"})
    void whatIsNoInteger(String text) {
        assertThrows(IllegalArgumentException.class, () -> GoText.integer(text));
    }

    @ParameterizedTest
    @CsvSource({"0.8,0.8", ".5,0.5", "1,1", "8e-1,0.8", "1.,1"})
    void decimals(String text, double number) {
        assertEquals(number, GoText.decimal(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0,8", "0.8f", "half", "."})
    void whatIsNoDecimal(String text) {
        assertThrows(IllegalArgumentException.class, () -> GoText.decimal(text));
    }

    @ParameterizedTest
    @CsvSource({
        "1m30s,PT1M30S",
        "500ms,PT0.5S",
        "1.5h,PT1H30M",
        "150us,PT0.00015S",
        "150µs,PT0.00015S",
        "0,PT0S",
        "24h,PT24H",
        "-3s,PT-3S",
        ".5s,PT0.5S"
    })
    void durations(String text, Duration duration) {
        assertEquals(duration, GoText.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "1 m", "1d", "s", "1m30", "-", "9999999999h"})
    void whatIsNoDuration(String text) {
        assertThrows(IllegalArgumentException.class, () -> GoText.duration(text));
    }

    @Test
    void mapsAndLists() {
        assertEquals(Map.of("a", "b", "c", ""), GoText.map("a:b,c:"));
        assertEquals(Map.of(), GoText.map("  "));
        assertEquals(List.of("a", "", "b"), GoText.list("a,,b"));
        assertThrows(IllegalArgumentException.class, () -> GoText.map("a:b:c"));
        assertThrows(IllegalArgumentException.class, () -> GoText.map("a"));
    }
}

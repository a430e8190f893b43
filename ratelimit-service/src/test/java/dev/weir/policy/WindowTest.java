package dev.weir.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowTest {
    @ParameterizedTest
    @CsvSource({
        "1s, 1",
        "30s, 30",
        "90s, 90",
        "1m, 60",
        "5m, 300",
        "1h, 3600",
        "1d, 86400",
        "31d, 2678400",
        "744h, 2678400",
        "44640m, 2678400",
        "2678400s, 2678400"
    })
    void aWindowIsAWholeNumberOfAUnit(String text, long seconds) {
        assertEquals(Optional.of(new Window.Length(text, seconds * 1_000_000)), Window.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0s",
                "00s",
                "01s",
                "-1s",
                "1",
                "s",
                "1.5h",
                "1S",
                "1ms",
                "1w",
                "1M",
                " 1s",
                "1s ",
                "1s\n",
                "2 days",
                "1 days",
                "1 year",
                "32d",
                "745h",
                "44641m",
                "2678401s",
                "9999999d",
                "99999999999999999999s"
            })
    void whatIsNoneOrLongerThan31DaysIsEmpty(String text) {
        assertEquals(Optional.empty(), Window.parse(text));
    }

    @Test
    void aDayAWeekAndAMonthArePeriodsOfTheCalendar() {
        assertEquals(Optional.of(new Window.Calendar("1 day", ChronoUnit.DAYS)), Window.parse("1 day"));
        assertEquals(Optional.of(new Window.Calendar("1 week", ChronoUnit.WEEKS)), Window.parse("1 week"));
        assertEquals(Optional.of(new Window.Calendar("1 month", ChronoUnit.MONTHS)), Window.parse("1 month"));
    }
}

package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DaysTest {
    private final Days reader = new Days();

    @ParameterizedTest
    @CsvSource({"1d, 1", "90d, 90", "36500d, 36500"})
    void daysAreANumberAndAD(String text, int days) {
        assertEquals(days, reader.convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "90", "d", "0d", "-1d", "36501d", "1.5d", "3 d", "12w", "99999999999999d"})
    void whatIsNoneSaysWhatToWrite(String text) {
        assertEquals(
                "`" + text + "` is not a number of days from 1d to 36500d; write for example 90d",
                assertThrows(TypeConversionException.class, () -> reader.convert(text))
                        .getMessage());
    }
}

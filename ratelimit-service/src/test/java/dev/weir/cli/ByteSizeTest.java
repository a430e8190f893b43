package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ByteSizeTest {
    private final ByteSize reader = new ByteSize();

    @ParameterizedTest
    @CsvSource({"1M, 1000000", "100M, 100000000", "2G, 2000000000", "1000G, 1000000000000"})
    void aSizeIsANumberAndItsUnit(String text, long bytes) {
        assertEquals(bytes, reader.convert(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "100", "M", "0M", "-1M", "1001G", "999999G", "1.5M", "100MB", "100m", "64k", "9999999M"})
    void whatIsNoneSaysWhatToWrite(String text) {
        assertEquals(
                "`" + text + "` is not a size from 1M to 1000G; write for example 100M",
                assertThrows(TypeConversionException.class, () -> reader.convert(text))
                        .getMessage());
    }
}

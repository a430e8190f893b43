package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaxTokensTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "7, 7",
        "007, 7",
        "4096, 4096",
        "50.000000, 50",
        "50.0, 50",
        "9007199254740991, 9007199254740991",
        "9007199254740991.000000, 9007199254740991",
        "00000000000000000000000001, 1"
    })
    void aWholeNumberIsRead(String text, long tokens) {
        assertEquals(tokens, MaxTokens.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " 1",
                "1 ",
                "-1",
                "+1",
                "-0",
                ".",
                "1.",
                ".0",
                "1.5",
                "1.000001",
                "1.0.0",
                "1,000",
                "1e3",
                "1.0e3",
                "0x10",
                "null",
                "NaN",
                "Infinity",
                "many",
                "\u0661",
                "\uff11",
                "1\udcff",
                "9007199254740992",
                "9007199254740992.000000",
                "9223372036854775807",
                "18446744073709551616",
                "99999999999999999999999999999999"
            })
    void everythingElseIsNot(String text) {
        assertEquals(-1, MaxTokens.parse(text));
    }
}

package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
    private static final List<String> KNOWN = List.of("name", "tier", "per", "when", "allow", "algorithm", "estimate");

    @ParameterizedTest
    @CsvSource({
        "nmae,name",
        "teir,tier",
        "pre,per",
        "alow,allow",
        "alogrithm,algorithm",
        "estmate,estimate",
        "wehn,when",
        "names,name"
    })
    void aSlipOfThePenIsRecognized(String written, String meant) {
        assertEquals(Optional.of(meant), Spelling.nearest(written, KNOWN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode",
                "x",
                "",
                "limits",
                "a very long text that is nothing like any of them, and goes on and on and on"
            })
    void whatIsFarFromEverythingIsNotGuessedAt(String written) {
        assertEquals(Optional.empty(), Spelling.nearest(written, KNOWN));
    }

    @Test
    void theSentenceGuessesWhereItCanAndListsWhatIsKnown() {
        assertEquals(
                "unknown tier `usr`; did you mean `user`? Known here: user, team",
                Spelling.unknown("tier", "usr", List.of("user", "team")));
        assertEquals(
                "unknown tier `galaxy`; known here: user, team",
                Spelling.unknown("tier", "galaxy", List.of("user", "team")));
    }
}

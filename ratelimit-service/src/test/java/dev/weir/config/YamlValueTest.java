package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlValueTest {
    private final Problems problems = new Problems();

    @ParameterizedTest
    @CsvSource({
        "20, 20",
        "true, true",
        "'\"20\"', 20",
        "'''a b''', a b",
        "1e3, 1e3",
        "on, on",
        "yes, yes",
        "012, 012",
        "1_000, 1_000",
        "0x1F, 0x1F",
        "2001-01-01, 2001-01-01",
        "'\"null\"', null",
        "nil, nil",
        "a\tb, a\tb",
        "/a/{user}, /a/{user}",
        "http://a, http://a"
    })
    void aScalarIsTheTextThatWasWritten(String yaml, String text) {
        assertEquals(text, value(yaml).asText());
        assertEquals(List.of(), found());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 1:3 | nothing; write one, or leave it out",
                "# x | 1:3 | nothing; write one, or leave it out",
                "\"\" | 1:4 | nothing; write one, or leave it out",
                "~ | 1:4 | `~`, which is nothing; put it in quotes if it is meant as a text",
                "null | 1:4 | `null`, which is nothing; put it in quotes if it is meant as a text",
                "[a] | 1:4 | a list",
                "{a: b} | 1:4 | `key: value` pairs",
                "{user} | 1:4 | `key: value` pairs; if the braces belong to a text, put it in quotes"
            })
    void whatIsNoTextSaysWhatItIs(String yaml, String place, String found) {
        assertNull(value(yaml).asText());
        assertEquals(List.of(place + ": expected a text here, found " + found), found());
    }

    @ParameterizedTest
    @CsvSource({
        "x, true, false, false",
        "[x], false, true, false",
        "{x: y}, false, false, true",
        "'', false, false, false"
    })
    void aValueCanBeAskedWhatItIsWithoutAProblem(String yaml, boolean text, boolean list, boolean map) {
        YamlValue value = value(yaml);

        assertEquals(List.of(text, list, map), List.of(value.isText(), value.isList(), value.isMap()));
        assertEquals(List.of(), found());
    }

    @Test
    void everyItemOfAListHasItsPlace() {
        List<YamlValue> items = value("\n  - x\n  - y").asList();

        assertNotNull(items);
        items.get(1).problem("here");
        assertEquals(List.of("3:5: here"), found());
    }

    @ParameterizedTest
    @CsvSource({"x, a text", "'{a: b}', '`key: value` pairs'", "null, 'nothing; write one, or leave it out'"})
    void whatIsNoListSaysWhatItIs(String yaml, String found) {
        assertNull(value(yaml).asList());
        assertEquals(List.of("1:4: expected a list here, as in [a, b], found " + found), found());
    }

    @Test
    void aKeyThatStandsTwiceIsAProblemAndTheFirstCounts() {
        YamlMap map = value("{x: 1, y: 2, x: 3, x: 4}").asMap();

        assertNotNull(map);
        assertEquals("1", map.text("x"));
        assertEquals(
                List.of(
                        "1:17: `x` stands here a second time; remove one",
                        "1:23: `x` stands here a second time; remove one"),
                found());
    }

    @Test
    void aMissingKeyIsAProblemWhereTheMappingStarts() {
        YamlMap map = value("\n  x: 1").asMap();

        assertNotNull(map);
        assertNull(map.requireText("name", "alice"));
        assertEquals(List.of("2:3: `name` is missing; add for example `name: alice`"), found());
    }

    @Test
    void unknownKeysAndKeysToComeAreToldApart() {
        YamlMap map = value("{x: 1, later: 2, z: 3}").asMap();

        assertNotNull(map);
        map.rejectUnknown(List.of("x", "y"), Map.of("later", "comes later; remove it"));
        assertEquals(
                List.of("1:11: `later` comes later; remove it", "1:21: unknown key `z`; known here: x, y"), found());
    }

    @Test
    void pairsThatAreNoTextsAreLeftOut() {
        YamlMap map = value("{x: 1, y: [2], z: 3}").asMap();

        assertNotNull(map);
        assertEquals(Map.of("x", "1", "z", "3"), map.asTexts());
        assertEquals(List.of("1:14: expected a text here, found a list"), found());
    }

    @Test
    void aValueTellsItsPlaceAndKindWithoutAProblem() {
        YamlValue list = value("\n  - x");
        YamlValue map = value("{x: 1}");

        assertEquals(new Location("a.yaml", 2, 3), list.place());
        assertEquals("a.yaml:1:4", map.place().toString());
        assertEquals(List.of(true, false), List.of(list.isList(), list.isMap()));
        assertEquals(List.of(false, true), List.of(map.isList(), map.isMap()));
        assertEquals(List.of(), found());
    }

    private YamlValue value(String yaml) {
        YamlMap root = YamlFile.parse("a.yaml", "k: " + yaml, problems);
        assertNotNull(root);
        YamlValue value = root.get("k");
        assertNotNull(value);
        return value;
    }

    private List<String> found() {
        return problems.inOrder().stream()
                .map(problem -> problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                .toList();
    }
}

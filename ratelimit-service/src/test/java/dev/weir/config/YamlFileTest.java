package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** R5.8: whatever is wrong with a file, the person who wrote it learns where. */
@Timeout(20)
class YamlFileTest {
    @TempDir
    Path folder = Path.of("");

    private final Problems problems = new Problems();

    @Test
    void aMappingIsRead() throws IOException {
        YamlMap map = read("b: 2\na: one\n");

        assertNotNull(map);
        assertEquals(
                List.of(Map.entry("b", "2"), Map.entry("a", "one")),
                List.copyOf(map.asTexts().entrySet()));
        assertEquals(List.of(), found());
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() throws IOException {
        YamlMap map = read("\ufeffa: b\n");

        assertNotNull(map);
        assertEquals("b", map.text("a"));
    }

    @Test
    void aFileThatDoesNotExistIsNamed() {
        assertNull(YamlFile.read(folder.resolve("none.yaml"), problems));
        assertEquals(List.of(folder.resolve("none.yaml") + ": does not exist"), messages());
    }

    @Test
    void aFolderCannotBeReadAsAFile() {
        assertNull(YamlFile.read(folder, problems));
        assertEquals(1, messages().size());
        assertTrue(
                messages().get(0).startsWith(folder + ": cannot be read: "),
                messages().get(0));
    }

    @Test
    void aFileThatIsNotUtf8SaysSo() throws IOException {
        assertNull(read("a: ü".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(List.of("0:0: is not UTF-8; save it as UTF-8"), found());
    }

    @Test
    void aFileAboveFourMebibytesIsNotRead() throws IOException {
        assertNull(read("#".repeat((4 << 20) + 1)));
        assertEquals(List.of("0:0: is larger than 4 MiB; split it into several files"), found());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# a remark\n"})
    void aFileWithNothingInItIsEmpty(String text) throws IOException {
        assertNull(read(text));
        assertEquals(List.of("0:0: is empty"), found());
    }

    @Test
    void aTabIsNamedWithItsLineAndColumn() throws IOException {
        assertNull(read("limits:\n\tname: x\n"));
        assertEquals(1, found().size());
        assertTrue(found().get(0).startsWith("2:1: is not YAML: found character '\\t(TAB)'"), found().get(0));
    }

    @Test
    void aListThatIsNotClosedIsNamedWithItsLineAndColumn() throws IOException {
        assertNull(read("a: [1\nb: 2\n"));
        assertEquals(List.of("2:2: is not YAML: expected ',' or ']', but got :"), found());
    }

    @Test
    void aControlCharacterIsAProblem() throws IOException {
        assertNull(read("a: \u0000b\n"));
        assertEquals(List.of("0:0: is not YAML: special characters are not allowed"), found());
    }

    @Test
    void aSecondDocumentIsAProblemWhereItStarts() throws IOException {
        assertNull(read("a: 1\n---\nb: 2\n"));
        assertEquals(List.of("3:1: a second document starts here; put it into a file of its own"), found());
    }

    @Test
    void aSecondDocumentThatIsBrokenIsAProblem() throws IOException {
        assertNull(read("a: 1\n---\nb: [\n"));
        assertEquals(1, found().size());
    }

    @Test
    void aFileThatIsAListIsNotAMapping() throws IOException {
        assertNull(read("- a\n"));
        assertEquals(List.of("1:1: expected `key: value` pairs here, found a list"), found());
    }

    @Test
    void anAliasStandsForWhatItNames() throws IOException {
        YamlMap map = read("a: &x 5\nb: *x\n");

        assertNotNull(map);
        assertEquals("5", map.text("b"));
    }

    @Test
    void anAliasWithoutAnchorIsNamedWithItsLineAndColumn() throws IOException {
        assertNull(read("a: *x\n"));
        assertEquals(List.of("1:4: is not YAML: found undefined alias x"), found());
    }

    @Test
    void anAliasOfItselfIsFollowedNoFurtherThanAsked() throws IOException {
        YamlMap map = read("a: &a [*a]\n");

        assertNotNull(map);
        YamlValue value = map.get("a");
        assertNotNull(value);
        List<YamlValue> items = value.asList();
        assertNotNull(items);
        assertNull(items.get(0).asText());
        assertEquals(List.of("1:4: expected a text here, found a list"), found());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 1000})
    void aBillionLaughsAreNotCounted(int laughs) throws IOException {
        StringBuilder text = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i <= 9; i++) {
            text.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(laughs)));
        }
        YamlMap map = read(text.toString());

        if (map != null) {
            assertNull(map.text("a9"));
        }
        assertEquals(1, found().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "- ", "{a: ", "? ", "&a ["})
    void whatIsNestedTooDeeplyIsAProblem(String opening) throws IOException {
        assertNull(read(opening.repeat(100_000)));
        assertEquals(List.of("0:0: is nested too deeply; write it flatter"), found());
    }

    private @Nullable YamlMap read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable YamlMap read(byte[] content) throws IOException {
        return YamlFile.read(Files.write(folder.resolve("a.yaml"), content), problems);
    }

    private List<String> messages() {
        return problems.inOrder().stream()
                .map(problem -> problem.place() + ": " + problem.message())
                .toList();
    }

    private List<String> found() {
        return problems.inOrder().stream()
                .map(problem -> problem.place().line() + ":" + problem.place().column() + ": " + problem.message())
                .toList();
    }
}

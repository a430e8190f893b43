package dev.weir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        assertEquals(List.of(folder + ": is a folder; name a file"), messages());
    }

    @Test
    void aByteThatIsNotUtf8IsNamedWithItsLineAndColumn() throws IOException {
        assertNull(read("a: b\r\nc: ü".getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals(List.of("2:4: the byte 0xFC is not UTF-8; save the file as UTF-8"), found());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void aFileOfAnotherUnicodeEncodingIsNamedSo(String encoding) throws IOException {
        assertNull(read("a: b\n".getBytes(Charset.forName(encoding))));
        assertEquals(List.of("0:0: is " + encoding.substring(0, 6) + "; save it as UTF-8"), found());
    }

    @Test
    void aFileOfZerosIsNoTextOfAnyKind() throws IOException {
        assertNull(read(new byte[4096]));
        assertEquals(List.of("1:1: the character U+0000 cannot stand here; remove it"), found());
    }

    @Test
    void aFileAboveFourMebibytesIsNotRead() throws IOException {
        assertNull(read("#".repeat((4 << 20) + 1)));
        assertEquals(List.of("0:0: is larger than 4 MiB; split it into several files"), found());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "# a remark\n", "---\n", "\ufeff", "\t\n \t\n"})
    void aFileWithNothingInItIsEmpty(String text) throws IOException {
        assertNull(read(text));
        assertEquals(List.of("0:0: is empty"), found());
    }

    @Test
    void linesMayEndInAnyWayAndTheLastNeedNotEnd() throws IOException {
        for (String end : List.of("\n", "\r\n", "\r")) {
            YamlMap map = read("a: 1" + end + end + "b: {c: 2}" + end + "d: 3");

            assertNotNull(map);
            assertEquals("3", map.text("d"));
            assertEquals(new Location(folder.resolve("a.yaml").toString(), 4, 4), place(map, "d"));
        }
    }

    @Test
    void aSecondDocumentThatIsBrokenIsAProblem() throws IOException {
        assertNull(read("a: 1\n---\nb: [\n"));
        assertEquals(1, found().size());
    }

    @Test
    void markersOfTheOnlyDocumentAreAllowed() throws IOException {
        assertNotNull(read("--- # it starts\na: 1\n...\n"));
        assertEquals(List.of(), found());
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 1000})
    void aBillionLaughsAreNotCounted(int laughs) throws IOException {
        StringBuilder text = new StringBuilder("a0: &a0 [lol]\n");
        for (int i = 1; i <= 9; i++) {
            text.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d, ".formatted(i - 1).repeat(laughs)));
        }
        read(text.toString());

        assertEquals("1:5: " + YamlTree.ANCHOR, found().get(0));
        assertEquals(10 + 9 * laughs, Math.min(10 + 9 * laughs, found().size()) + unreported());
    }

    @ParameterizedTest
    @CsvSource({"[, 1:65", "'- ', 1:129", "'{a: ', 1:257", "'? ', 1:129", "'[{a: ', 1:161"})
    void whatIsNestedTooDeeplyIsAProblemWhereTheBoundIsPassed(String opening, String place) throws IOException {
        assertNull(read(opening.repeat(100_000)));
        assertEquals(List.of(place + ": is nested more than 64 levels deep; write it flatter"), found());
    }

    @Test
    void sixtyFourLevelsAreRead() throws IOException {
        assertNotNull(read("a: " + "[".repeat(63) + "]".repeat(63)));
        assertEquals(List.of(), found());
    }

    @Test
    void aMillionItemsAreTooMany() throws IOException {
        assertNull(read("a:\n" + "- b\n".repeat(1_000_000)));
        assertEquals(
                List.of("499999:3: more than 500,000 values stand up to here; split the file into several"), found());
    }

    @Test
    void aTextOfAMebibyteIsTooLongAndALineOfItIsNot() throws IOException {
        YamlMap map = read("a: " + "x".repeat(1 << 20) + "\nb: [" + "x, ".repeat(400_000) + "]\n");

        assertNotNull(map);
        assertNull(map.text("a"));
        assertEquals(List.of("1:4: a text of 1048576 characters; write at most 4,096"), found());
    }

    /** The parser copies what it looks ahead at; with its own buffer this would take half a minute. */
    @Test
    void theLongestLineTakesNoLongerThanMany() throws IOException {
        read("a: " + "x".repeat((4 << 20) - 3));

        assertEquals(List.of("1:4: a text of 4194301 characters; write at most 4,096"), found());
    }

    private @Nullable YamlMap read(String text) throws IOException {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private @Nullable YamlMap read(byte[] content) throws IOException {
        return YamlFile.read(Files.write(folder.resolve("a.yaml"), content), problems);
    }

    private static Location place(YamlMap map, String key) {
        YamlValue value = map.get(key);
        assertNotNull(value);
        return value.place();
    }

    /** How many more problems the last one says there are. */
    private int unreported() {
        Matcher more = Pattern.compile("and ([0-9,]+) more problems").matcher(String.join("", found()));
        return more.find() ? Integer.parseInt(more.group(1).replace(",", "")) : 0;
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

package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exit status 0 where two policies decide alike, 1 where they do not, 2 for wrong use and unusable files. */
class DiffCommandTest {
    private static final String TWO = """
            domain: d
            limits:
              - {name: users, tier: user, per: [user], allow: 2 requests / 1h}
            """;
    private static final String REQUEST =
            "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"d\",\"descriptors\":[[[\"user\",\"al ice\"]]],\"hits\":1}";

    @TempDir
    Path folder = Path.of("");

    private Path two = Path.of("");
    private Path one = Path.of("");
    private Path requests = Path.of("");

    @BeforeEach
    void write() throws IOException {
        two = Files.writeString(folder.resolve("two.yaml"), TWO);
        one = Files.writeString(
                folder.resolve("one.yaml"),
                TWO.replace("2 requests", "1 requests").replace("users", "people"));
        requests = Files.writeString(folder.resolve("r.jsonl"), (REQUEST + "\n").repeat(3));
    }

    @Test
    void aDifferenceIsShownAsItCanBeAskedAgain() {
        Ran ran = Ran.weir("diff", two, one, "--requests", requests);

        assertEquals(
                new Ran(
                        1,
                        "1 x allowed -> refused by people\n"
                                + "  request 2: " + REQUEST + "\n"
                                + "    weir check --hits 1 d 'user=al ice'\n"
                                + "3 requests: 1 allowed by both, 1 refused by both, 1 decided differently\n",
                        ""),
                ran);
    }

    @Test
    void jsonTellsTheSame() {
        Ran ran = Ran.weir("diff", two, one, "--requests", requests, "--json");

        assertEquals(1, ran.status());
        JsonObject json = JsonParser.parseString(ran.out()).getAsJsonObject();
        assertEquals(1, json.get("differences").getAsInt());
        JsonObject kind = json.getAsJsonArray("kinds").get(0).getAsJsonObject();
        assertEquals(
                "{\"answer\":\"refused\",\"by\":\"people\"}", kind.get("new").toString());
        JsonObject example = kind.getAsJsonArray("examples").get(0).getAsJsonObject();
        assertEquals(REQUEST, example.get("request").toString());
    }

    @Test
    void whatNeitherCanDecideIsNotCalledRefused() throws IOException {
        Path elsewhere = Files.writeString(folder.resolve("elsewhere.jsonl"), REQUEST.replace("\"d\"", "\"e\""));

        assertEquals(
                new Ran(
                        0,
                        "1 requests: 0 allowed by both, 0 refused by both, 1 invalid for both, 0 decided differently\n",
                        ""),
                Ran.weir("diff", two, one, "--requests", elsewhere));
    }

    @Test
    void anotherNameIsNoDifferenceUnlessAskedFor() throws IOException {
        Path renamed = Files.writeString(folder.resolve("renamed.yaml"), TWO.replace("users", "people"));

        assertEquals(0, Ran.weir("diff", two, renamed).status());
        assertEquals(1, Ran.weir("diff", two, renamed, "--by-limit").status());
    }

    @Test
    void randomRequestsAreThoseOfTheirSeed() {
        Ran ran = Ran.weir("diff", two, one, "--random", 500, "--seed", 3, "--descriptors", 2);

        assertEquals(1, ran.status());
        assertEquals(ran, Ran.weir("diff", two, one, "--random", 500, "--seed", 3, "--descriptors", 2));
        assertTrue(!ran.equals(Ran.weir("diff", two, one, "--random", 500, "--seed", 4, "--descriptors", 2)));
        assertTrue(ran.out().contains("\n500 requests: "), ran.out());
    }

    @Test
    void aDomainThatOneHasNotDiffers() throws IOException {
        Path other = Files.writeString(folder.resolve("other.yaml"), TWO.replace("domain: d", "domain: e"));

        assertTrue(Ran.weir("diff", two, other, "--requests", requests).out().contains("allowed -> invalid: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "two.yaml",
                "none.yaml two.yaml",
                "two.yaml one.yaml --random 0",
                "two.yaml one.yaml --requests two.yaml",
                "two.yaml one.yaml --requests none.jsonl"
            })
    void wrongUseIsTwo(String arguments) {
        Object[] all = ("diff " + arguments.replaceAll("(\\w+\\.\\w+)", folder + "/$1"))
                .strip()
                .split(" ", -1);

        assertEquals(2, Ran.weir(all).status());
    }
}

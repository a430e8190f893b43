package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/migrate.md shows, and exit status 0 where nothing differs, 1 where something does, 2 for wrong use. */
class MigrateCommandTest {
    private static final String DESCRIPTORS =
            "domain: DOMAIN\ndescriptors:\n  - {key: user, rate_limit: {unit: UNIT, requests_per_unit: 2}}\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void theExampleOfTheDocumentationIsWhatComesOut() throws IOException {
        List<String> blocks = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "migrate.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        Path file = write("ratelimit.yaml", blocks.get(0));

        Ran ran = Ran.weir("migrate", file);

        assertEquals(blocks.get(1), ran.out().replace(file.toString(), "ratelimit.yaml"));
        assertEquals("1 x `# differs:`\n", ran.err());
        assertEquals(1, ran.status());
    }

    @Test
    void oneDomainIsMovedAtATime() throws IOException {
        Path before = Files.createDirectory(folder.resolve("before"));
        Path after = Files.createDirectory(folder.resolve("after"));
        for (Path place : List.of(before, after)) {
            Files.writeString(place.resolve("a.yaml"), descriptors("a", "minute"));
            Files.writeString(place.resolve("b.yaml"), descriptors("b", "hour"));
        }

        assertEquals(
                new Ran(0, "", "no differences\n"),
                Ran.weir("migrate", before, "--domain", "a", "--output", after.resolve("a.yaml")));

        assertTrue(Files.readString(after.resolve("a.yaml")).contains("\nlimits:\n"));
        Ran diff = Ran.weir("diff", before, after);
        assertEquals(0, diff.status(), diff.out());
        assertEquals(2, Ran.weir("migrate", before).status());
        assertTrue(Ran.weir("migrate", before, "--domain", "c").err().contains("unknown domain `c`"));
    }

    @Test
    void whatCannotBeRewrittenIsWrongUse() throws IOException {
        Path limits = write("limits.yaml", "domain: d\nlimits: [{name: l, tier: user, allow: 1 requests / 1m}]\n");
        Path good = write("good.yaml", descriptors("a", "minute"));

        assertTrue(Ran.weir("migrate", limits).err().contains("no domain of "));
        for (Path file : List.of(limits, folder.resolve("none.yaml"), write("bad.yaml", descriptors("a", "eon")))) {
            Ran ran = Ran.weir("migrate", file);
            assertEquals(2, ran.status());
            assertEquals("", ran.out());
        }
        assertEquals(2, Ran.weir("migrate", good, "--output", folder).status());
    }

    private static String descriptors(String domain, String unit) {
        return DESCRIPTORS.replace("DOMAIN", domain).replace("UNIT", unit);
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}

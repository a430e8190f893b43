package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands do not destroy what they read, do not claim to have shown what nobody saw, and their messages name no class. */
class OutputTest {
    private static final String DESCRIPTORS =
            "domain: shop\ndescriptors:\n  - {key: user, rate_limit: {unit: minute, requests_per_unit: 3}}\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void migrateDoesNotWriteOverWhatItReads() throws IOException {
        Path file = Files.writeString(folder.resolve("ratelimit.yaml"), DESCRIPTORS);

        Ran named = Ran.weir("migrate", file, "--output", file);
        Ran within = Ran.weir("migrate", folder, "--output", file);

        assertEquals(2, named.status());
        assertTrue(named.err().contains("name another file"), named.err());
        assertEquals(2, within.status());
        assertEquals(DESCRIPTORS, Files.readString(file));
    }

    @Test
    void migrateLeavesNothingHalfWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("ratelimit.yaml"), DESCRIPTORS);
        Path output = folder.resolve("none").resolve("policy.yaml");

        Ran ran = Ran.weir("migrate", file, "--output", output);

        assertEquals("weir: cannot write " + output + ": there is no such file or folder\n", ran.err());
        assertEquals(2, ran.status());
        assertEquals(
                0,
                Ran.weir("migrate", file, "--output", folder.resolve("policy.yaml"))
                        .status());
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("policy.yaml", "ratelimit.yaml"),
                    files.map(each -> each.getFileName().toString()).sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[[[",
                "{\"time\":\"+999999999-01-05T08:00:29Z\",\"domain\":\"llm\",\"descriptors\":[[[\"user\",\"a\"]]]}"
            })
    void problemsOfRequestFilesNameNoClass(String line) throws IOException {
        Path policy = Files.writeString(folder.resolve("ratelimit.yaml"), DESCRIPTORS);
        Path requests = Files.writeString(folder.resolve("requests.jsonl"), line + "\n");

        Ran ran = Ran.weir("diff", policy, policy, "--requests", requests);

        assertEquals(2, ran.status());
        assertTrue(ran.err().contains(requests + ":1: "), ran.err());
        assertFalse(ran.err().contains("Exception") || ran.err().contains("overflow"), ran.err());
    }

    @Test
    void requestsAreReadFromAFile() throws IOException {
        Path policy = Files.writeString(folder.resolve("ratelimit.yaml"), DESCRIPTORS);

        assertTrue(Ran.weir("diff", policy, policy, "--requests", folder).err().contains("name a file"));
    }

    @Test
    void whatCannotBeShownIsNoSuccess() {
        PrintStream before = System.out;
        System.setOut(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("no space left");
                    }
                },
                true,
                StandardCharsets.UTF_8));
        try {
            assertEquals(2, Weir.run("schema"));
        } finally {
            System.setOut(before);
        }
    }
}

package dev.weir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.Weir;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** R5.8: who has the program has the schema of its policies. */
class SchemaCommandTest {
    private static final Path SCHEMA = Path.of("src/main/resources/dev/weir/policy/policy.schema.json");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream systemOut = System.out;

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(systemOut);
    }

    @Test
    void theSchemaIsPrintedByteForByte() throws IOException {
        assertEquals(0, new CommandLine(Weir.class).execute("schema"));

        assertEquals(Files.readString(SCHEMA), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theHelpHasTheLineThatPoliciesBeginWith() {
        assertEquals(0, new CommandLine(Weir.class).execute("schema", "--help"));

        String help = out.toString(StandardCharsets.UTF_8);
        assertTrue(help.contains("  # yaml-language-server: $schema=policy.schema.json\n"), help);
    }
}

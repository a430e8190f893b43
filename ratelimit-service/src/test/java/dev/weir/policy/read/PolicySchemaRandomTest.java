package dev.weir.policy.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.RandomPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.8: whatever a policy says, an editor marks nothing that the reader accepts. */
class PolicySchemaRandomTest {
    private static final int POLICIES = 2_500;

    @TempDir
    Path folder = Path.of("");

    @Test
    void whatTheReaderAcceptsTheSchemaAccepts() throws IOException {
        PolicySchema schema = new PolicySchema();
        RandomPolicy policies = new RandomPolicy(new Random(20_260_101));
        Path file = folder.resolve("p.yaml");
        int accepted = 0;
        int rejectedByBoth = 0;
        for (int i = 0; i < POLICIES; i++) {
            String yaml = policies.next();
            List<String> errors = schema.errors(yaml);
            if (PolicySchema.isRead(Files.writeString(file, yaml))) {
                assertEquals(List.of(), errors, yaml);
                accepted++;
            } else if (!errors.isEmpty()) {
                rejectedByBoth++;
            }
        }

        assertTrue(accepted > POLICIES / 3, "accepted: " + accepted);
        int rejected = POLICIES - accepted;
        assertTrue(rejectedByBoth > rejected / 2, rejectedByBoth + " of " + rejected);
    }
}

package dev.weir.policy.tiers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The policy of R5.3, as its users write it. */
public final class Scenario {
    private Scenario() {}

    public static String text() {
        try (InputStream in = Scenario.class.getResourceAsStream("tiers.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In a file called {@code tiers.yaml}. */
    public static Path in(Path folder) throws IOException {
        return Files.writeString(folder.resolve("tiers.yaml"), text());
    }
}

package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.policy.read.PolicyReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/** Policies for tests, written as people write them. */
public final class Policies {
    private Policies() {}

    public static Policy of(String yaml) {
        try {
            Path file = Files.createTempFile("policy", ".yaml");
            try {
                return PolicyReader.read(Files.writeString(file, yaml));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            return Assertions.fail(e);
        }
    }

    /** The only domain of a policy. */
    public static Domain domain(String yaml) {
        return of(yaml).domains().values().iterator().next();
    }
}

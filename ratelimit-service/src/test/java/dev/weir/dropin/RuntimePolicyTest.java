package dev.weir.dropin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder as Kubernetes mounts a ConfigMap: the files in a folder of their own, a link to that, and links through it. */
class RuntimePolicyTest {
    private static final DescriptorSettings SETTINGS =
            new DescriptorSettings(false, false, false, false, null, false, 0.8f);

    @TempDir
    private Path root;

    @BeforeEach
    void mount() throws IOException {
        Path config = Files.createDirectories(root.resolve("ratelimit/config"));
        Path version = Files.createDirectory(config.resolve("..2026_01"));
        Files.writeString(
                version.resolve("shop.yaml"),
                "domain: shop\ndescriptors: [{key: user, rate_limit: {unit: minute, requests_per_unit: 2}}]\n");
        Files.createSymbolicLink(config.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(config.resolve("shop.yaml"), Path.of("..data/shop.yaml"));
    }

    @Test
    void whatStandsTwiceForItsDotsIsToldWithTheWayOut() {
        List<Problem> problems =
                assertThrows(ConfigException.class, () -> read(false)).problems();

        String last = problems.get(problems.size() - 1).message();
        assertTrue(last.contains("RUNTIME_IGNOREDOTFILES=true"), last);
    }

    @Test
    void withoutThemItIsReadOnce() throws ConfigException {
        assertEquals(Set.of("shop"), read(true).domains().keySet());
    }

    private Policy read(boolean ignoresDotFiles) throws ConfigException {
        RuntimeDirectory directory = new RuntimeDirectory(root, "ratelimit", "config.", ignoresDotFiles);
        return RuntimePolicy.files(new PolicyPlace.RuntimeFiles(directory, SETTINGS))
                .read();
    }
}

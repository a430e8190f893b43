package dev.weir.testing;

import com.github.dockerjava.api.DockerClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** Docker, or what answers like it. */
final class ContainerEngine {
    private ContainerEngine() {}

    /** Skips the test where there is none. */
    static DockerClient atHand() {
        Assumptions.assumeTrue(
                isAtHand(),
                "skipped: no container engine runs on this machine; start one, or name its socket in DOCKER_HOST");
        return DockerClientFactory.lazyClient();
    }

    /** Looks for its socket first: Testcontainers complains at length when there is none. */
    private static boolean isAtHand() {
        String host = Optional.ofNullable(System.getenv("DOCKER_HOST")).orElse("unix:///var/run/docker.sock");
        return host.startsWith("unix://")
                && Files.exists(Path.of(host.substring("unix://".length())))
                && DockerClientFactory.instance().isDockerAvailable();
    }
}

package dev.weir.testing;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The service in its image, as locked up as a cluster would have it. */
public final class WeirContainer implements AutoCloseable {
    /** Where the policy is in it. */
    public static final String POLICY = "/etc/weir/policy.yaml";

    private final GenericContainer<?> container;
    private final int grpc;
    private final int admin;

    private WeirContainer(GenericContainer<?> container, int grpc, int admin) {
        this.container = container;
        this.grpc = grpc;
        this.admin = admin;
    }

    /**
     * Loads the image that this build has made and starts it, or skips the test without an image or a container engine.
     *
     * @param policy a file that everybody may read
     * @param javaOptions those of its variable {@code _JAVA_OPTIONS}
     */
    public static WeirContainer start(Path policy, String javaOptions) throws IOException {
        String image = System.getProperty("weir.image");
        Assumptions.assumeTrue(image != null, "skipped: no image was built; mvn verify -Pimage builds one");
        load(ContainerEngine.atHand(), Path.of(image));
        int grpc = RealRedis.freePort();
        int admin = RealRedis.freePort();
        GenericContainer<?> container = new GenericContainer<>("weir:latest")
                // On this machine's loopback: the engine needs no network of its own.
                .withNetworkMode("host")
                .withTmpFs(Map.of("/tmp", "rw,noexec"))
                .withEnv("_JAVA_OPTIONS", javaOptions)
                .withCreateContainerCmdModifier(create -> lockUp(create.getHostConfig(), policy))
                .withCommand(
                        "serve", "--policy", POLICY, "--grpc", "127.0.0.1:" + grpc, "--admin", "127.0.0.1:" + admin)
                .waitingFor(Wait.forLogMessage(".* ready: .*", 1));
        container.start();
        return new WeirContainer(container, grpc, admin);
    }

    private static void load(DockerClient engine, Path tar) throws IOException {
        try (InputStream image = Files.newInputStream(tar)) {
            engine.loadImageCmd(image).exec();
        }
    }

    private static void lockUp(HostConfig host, Path policy) {
        host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withBinds(new Bind(policy.toString(), new Volume(POLICY), AccessMode.ro));
    }

    public int grpcPort() {
        return grpc;
    }

    public int adminPort() {
        return admin;
    }

    /** What it has written so far, to both streams. */
    public String log() {
        return container.getLogs();
    }

    /** What Linux says of its process, as in {@code /proc/PID/status}. */
    public String status() throws IOException {
        Long pid = container.getCurrentContainerInfo().getState().getPidLong();
        return Files.readString(Path.of("/proc", Long.toString(pid), "status"));
    }

    /** Runs another program in it. */
    public ExecResult run(String... command) throws IOException, InterruptedException {
        return container.execInContainer(command);
    }

    @Override
    public void close() {
        container.close();
    }
}

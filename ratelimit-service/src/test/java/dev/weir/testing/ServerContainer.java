package dev.weir.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * A server in a container. Its image is built here, of the server's program and the libraries that this asks for and of nothing else,
 * so no registry is needed.
 */
public final class ServerContainer implements AutoCloseable {
    private static final Pattern LIBRARY = Pattern.compile("(/\\S+) \\(0x");

    private final GenericContainer<?> container;
    private final String url;

    private ServerContainer(GenericContainer<?> container, String url) {
        this.container = container;
        this.url = url;
    }

    /** Starts it, or skips the test where there is no container engine. */
    public static ServerContainer start(Path program) throws IOException {
        ContainerEngine.atHand();
        int port = RealRedis.freePort();
        GenericContainer<?> container = new GenericContainer<>(image(program))
                // On this machine's loopback: the engine needs no network of its own.
                .withNetworkMode("host")
                .withCommand(ServerProgram.settings(port).toArray(String[]::new))
                .waitingFor(Wait.forLogMessage(".*" + ServerProgram.READY + ".*", 1));
        container.start();
        return new ServerContainer(container, "redis://127.0.0.1:" + port);
    }

    private static ImageFromDockerfile image(Path program) throws IOException {
        ImageFromDockerfile image = new ImageFromDockerfile()
                .withFileFromString("Dockerfile", "FROM scratch\nCOPY root /\nENTRYPOINT [\"/server\"]\n")
                .withFileFromPath("root/server", program, 0755);
        for (Path library : libraries(program)) {
            image.withFileFromPath("root" + library, library.toRealPath(), 0755);
        }
        return image;
    }

    /** What the program asks the loader for; nothing where it is static. */
    private static List<Path> libraries(Path program) throws IOException {
        Process ldd = new ProcessBuilder("ldd", program.toString())
                .redirectErrorStream(true)
                .start();
        String words = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return LIBRARY.matcher(words)
                .results()
                .map(found -> Path.of(found.group(1)))
                .toList();
    }

    public String url() {
        return url;
    }

    @Override
    public void close() {
        String image = container.getDockerImageName();
        container.close();
        // Testcontainers leaves it to a container of its own, for which there is no image.
        DockerClientFactory.lazyClient().removeImageCmd(image).withForce(true).exec();
    }
}

package dev.weir;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.testing.WeirContainer;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.Container.ExecResult;

/** The image in a container: nobody in particular, a root that is read-only, no capabilities, no shell. */
class ImageIT {
    private static final String POLICY = """
            domain: llm
            limits:
              - {name: all, tier: global, per: [], allow: 1 requests / 1m}
            """;

    private static WeirContainer weir;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
        weir = WeirContainer.start(policy, "-Xlog:class+load");
    }

    @AfterAll
    static void stop() {
        if (weir != null) {
            weir.close();
        }
    }

    @Test
    void itIsReadyAndAnswersEnvoy() throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + weir.adminPort() + "/readyz"))
                .build();
        assertEquals(
                200,
                HttpClient.newHttpClient()
                        .send(ready, HttpResponse.BodyHandlers.discarding())
                        .statusCode());
        try (Calls envoy = new Calls(weir.grpcPort())) {
            assertEquals(Code.OK, envoy.ask(request("llm", descriptor())).getOverallCode());
            assertEquals(
                    Code.OVER_LIMIT, envoy.ask(request("llm", descriptor())).getOverallCode());
        }
    }

    @Test
    void itIsNotRootAndMayDoNothingThatRootMay() throws Exception {
        String status = weir.status();
        assertTrue(status.contains("\nUid:\t65532\t65532\t65532\t65532\n"), status);
        assertTrue(status.contains("\nCapEff:\t0000000000000000\n"), status);
    }

    @Test
    void itsClassesComeOutOfTheArchive() {
        String log = weir.log();
        assertTrue(log.contains(" dev.weir.server.Server source: shared objects file (top)"), log);
        assertTrue(log.contains(" io.grpc.internal.ServerImpl source: shared objects file (top)"), log);
        assertTrue(log.contains(" java.lang.Object source: shared objects file\n"), log);
    }

    @Test
    void theOtherCommandsRunInIt() throws Exception {
        ExecResult lint = weir.run("weir", "lint", WeirContainer.POLICY);
        assertEquals(0, lint.getExitCode(), lint.getStderr());
    }

    @Test
    void ratelimitIsAProgramOfItsOwn() throws Exception {
        ExecResult refused = weir.run("/bin/ratelimit", "--no-such-option");
        assertEquals(2, refused.getExitCode());
        assertTrue(refused.getStderr().contains("ratelimit"), refused.getStderr());
    }
}

package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.policy.read.PolicyReader;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.TestService;
import dev.weir.tools.lint.envoy.EnvoyLint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6.2: the smallest configuration that is shipped, on the real Envoy. */
class MinimalEnvoyIT {
    private static final Path CONFIG = Path.of("..", "envoy", "minimal.yaml");
    private static final Path POLICY = Path.of("..", "envoy", "minimal-policy.yaml");

    @TempDir
    private Path folder;

    @Test
    void itLimitsByAddressAndPath() throws Exception {
        try (Provider provider = Provider.start();
                TestService weir = TestService.inMemory(POLICY, null);
                RealEnvoy envoy = RealEnvoy.start(
                        folder, Files.readString(CONFIG), provider.port(), RealEnvoy.port(weir.grpcPort()))) {
            for (int i = 0; i < 5; i++) {
                assertTrue(get(envoy, "/search").statusCode() != 429);
            }

            HttpResponse<String> refused = get(envoy, "/search");

            assertEquals(429, refused.statusCode());
            assertEquals(
                    "address-search",
                    refused.headers().firstValue("x-weir-limit").orElse(""));
            assertTrue(refused.body().contains("Searches are expensive."), refused.body());
            assertTrue(get(envoy, "/items").statusCode() != 429);
        }
    }

    @Test
    void lintFindsNothingInIt() throws Exception {
        assertEquals(List.of(), EnvoyLint.check(PolicyReader.read(POLICY), CONFIG));
    }

    private static HttpResponse<String> get(RealEnvoy envoy, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + envoy.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}

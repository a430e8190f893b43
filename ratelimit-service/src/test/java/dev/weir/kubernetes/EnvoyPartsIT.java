package dev.weir.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import dev.weir.policy.read.PolicyReader;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.RealRedis;
import dev.weir.testing.TestService;
import dev.weir.tools.lint.envoy.EnvoyLint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What k8s/ has for Envoy, on the real one: the sidecar's configuration, and Istio's patches in a gateway. */
class EnvoyPartsIT {
    private static final Path POLICY = Shipped.FOLDER.resolve("policy/policy.yaml");
    private static final int SEARCHES = 30;

    @TempDir
    private Path folder;

    @Test
    void theSidecarsConfigurationIsValid() throws Exception {
        assertValid(Shipped.read("overlays/sidecar/envoy.yaml"));
    }

    @Test
    void theSidecarLimitsThroughTheSocket() throws Exception {
        int port = RealRedis.freePort();
        int adminPort = RealRedis.freePort();
        Path socket = folder.resolve("grpc.sock");
        try (Provider provider = Provider.start();
                TestService weir = TestService.onSocket(POLICY, null, socket)) {
            String config = Shipped.read("overlays/sidecar/envoy.yaml");
            config = RealEnvoy.replaced(config, "pipe: {path: /run/weir/grpc.sock}", RealEnvoy.pipe(socket));
            config = RealEnvoy.replaced(config, "{address: 0.0.0.0, port_value: 10000}", loopback(port));
            config = RealEnvoy.replaced(config, "{address: 127.0.0.1, port_value: 9901}", loopback(adminPort));
            config = RealEnvoy.replaced(config, "{address: upstream, port_value: 9000}", loopback(provider.port()));
            try (RealEnvoy envoy = RealEnvoy.startAsItStands(folder, config, port, adminPort)) {
                assertSearchesAreLimited(envoy);
            }
        }
    }

    @Test
    void aGatewayWithIstiosPatchesIsValidAndLintFindsNothingInIt() throws Exception {
        String gateway = patchedGateway();

        assertValid(gateway);
        Path file = Files.writeString(folder.resolve("gateway.yaml"), gateway);
        assertEquals(List.of(), EnvoyLint.check(PolicyReader.read(POLICY), file));
    }

    @Test
    void bothClustersByWhichAGatewayAsksWeirAreChecked() throws Exception {
        String checked = "\"grpc_health_check\":{}";

        assertEquals(3, patchedGateway().split(Pattern.quote(checked), -1).length);
    }

    @Test
    void aGatewayWithIstiosPatchesLimits() throws Exception {
        int port = RealRedis.freePort();
        int adminPort = RealRedis.freePort();
        try (Provider provider = Provider.start();
                TestService weir = TestService.inMemory(POLICY, null)) {
            String config = patchedGateway();
            String service = "{\"address\":\"weir-headless.weir.svc.cluster.local\",\"port_value\":8081}";
            config = RealEnvoy.replaced(config, service, json(weir.grpcPort()));
            config = RealEnvoy.replaced(config, json(8081), json(weir.grpcPort()));
            config = RealEnvoy.replaced(config, json(10000), json(port));
            config = RealEnvoy.replaced(config, json(9901), json(adminPort));
            config = RealEnvoy.replaced(config, json(9000), json(provider.port()));
            try (RealEnvoy envoy = RealEnvoy.startAsItStands(folder, config, port, adminPort)) {
                envoy.awaitStat(
                        "cluster.outbound|8081||weir.weir.svc.cluster.local.membership_healthy".replace("|", "."), 1);
                assertSearchesAreLimited(envoy);
            }
        }
    }

    @Test
    void envoyFindsAFieldThatItDoesNotKnow() throws Exception {
        String broken = RealEnvoy.replaced(patchedGateway(), "failure_mode_deny", "failure_mode_denied");

        assertFalse(RealEnvoy.validate(folder, broken).contains("' OK"));
    }

    private static String patchedGateway() throws Exception {
        String gateway;
        try (var resource = EnvoyPartsIT.class.getResourceAsStream("gateway.yaml")) {
            gateway = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        JsonObject merged = EnvoyFilterPatches.merged(object(gateway), object(Shipped.read("istio/envoy-filter.yaml")));
        return merged.toString();
    }

    private static JsonObject object(String yaml) {
        return new Gson()
                .toJsonTree(Manifest.documents(yaml).findFirst().orElseThrow())
                .getAsJsonObject();
    }

    private void assertValid(String config) throws Exception {
        String said = RealEnvoy.validate(folder, config);

        assertTrue(said.contains("' OK"), said);
    }

    private static void assertSearchesAreLimited(RealEnvoy envoy) throws Exception {
        for (int i = 0; i < SEARCHES; i++) {
            assertTrue(get(envoy, "/search").statusCode() != 429);
        }

        HttpResponse<String> refused = get(envoy, "/search");

        assertEquals(429, refused.statusCode());
        assertEquals(
                "address-search", refused.headers().firstValue("x-weir-limit").orElse(""));
        assertTrue(get(envoy, "/items").statusCode() != 429);
    }

    private static HttpResponse<String> get(RealEnvoy envoy, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + envoy.port() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String loopback(int port) {
        return "{address: 127.0.0.1, port_value: " + port + "}";
    }

    private static String json(int port) {
        return "{\"address\":\"127.0.0.1\",\"port_value\":" + port + "}";
    }
}

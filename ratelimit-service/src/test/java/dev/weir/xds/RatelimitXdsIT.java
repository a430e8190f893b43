package dev.weir.xds;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Calls;
import dev.weir.testing.Await;
import dev.weir.testing.RatelimitProcess;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code weir ratelimit} with a management server: as Envoy Gateway runs envoyproxy/ratelimit. */
class RatelimitXdsIT {
    private static Map<String, String> variables(ManagementServer server) {
        Map<String, String> variables = new HashMap<>();
        variables.put("CONFIG_TYPE", "GRPC_XDS_SOTW");
        variables.put("CONFIG_GRPC_XDS_SERVER_URL", server.address());
        return variables;
    }

    private static RateLimitResponse ask(Calls envoy, String domain) {
        return envoy.ask(request(domain, descriptor("user", "alice")));
    }

    private static int allowed(Calls envoy, String domain) {
        return ask(envoy, domain).getStatuses(0).getCurrentLimit().getRequestsPerUnit();
    }

    @Test
    void itStartsWithTheFirstPolicyAndTakesEachThatComes() throws Exception {
        try (ManagementServer server = ManagementServer.start()) {
            CompletableFuture<RatelimitProcess> starting =
                    CompletableFuture.supplyAsync(() -> RatelimitProcess.start(variables(server)));
            ManagementServer.Stream stream = server.stream();
            stream.request();
            stream.send("1", Configurations.perUser("shop", 1_000));
            try (RatelimitProcess weir = starting.get(60, TimeUnit.SECONDS);
                    Calls envoy = new Calls(weir.grpcPort())) {
                assertEquals(1_000, allowed(envoy, "shop"));

                stream.send("2", Configurations.perUser("shop", 0));
                Await.until("the second policy", () -> ask(envoy, "shop").getOverallCode() == Code.OVER_LIMIT);

                assertTrue(stream.send("3", Configurations.of("domain: shop\ndescriptors:\n  - {key: '', value: x}\n"))
                        .hasErrorDetail());
                assertEquals(Code.OVER_LIMIT, ask(envoy, "shop").getOverallCode());
                assertEquals(Code.OK, ask(envoy, "office").getOverallCode());
            }
        }
    }

    @Test
    void whereItNeedNotWaitItStartsEmptyAndIsNotReady() throws Exception {
        try (ManagementServer server = ManagementServer.start()) {
            Map<String, String> variables = variables(server);
            variables.put("FORCE_START_WITHOUT_INITIAL_CONFIG", "true");
            CompletableFuture<RatelimitProcess> starting =
                    CompletableFuture.supplyAsync(() -> RatelimitProcess.start(variables));
            ManagementServer.Stream stream = server.stream();
            stream.request();
            try (RatelimitProcess weir = starting.get(60, TimeUnit.SECONDS);
                    Calls envoy = new Calls(weir.grpcPort())) {
                assertEquals(500, weir.get("/healthcheck").statusCode());
                StatusRuntimeException failed = assertThrows(StatusRuntimeException.class, () -> ask(envoy, "shop"));
                assertEquals(Status.Code.NOT_FOUND, failed.getStatus().getCode());
                stream.send("1", Configurations.perUser("shop", 7));
                Await.until("health", () -> weir.get("/healthcheck").statusCode() == 200);
                assertEquals(7, allowed(envoy, "shop"));
            }
        }
    }
}

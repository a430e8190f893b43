package dev.weir.envoy.listen;

import static dev.weir.envoy.Calls.descriptor;
import static dev.weir.envoy.Calls.request;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.testing.RatelimitProcess;
import dev.weir.testing.RealRedis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may call must not be able to fill the log: gRPC would write a stack trace for each answer that it could not send. */
class UnsentAnswersIT {
    @TempDir
    private Path folder;

    @Test
    void aClientThatGoesBeforeItsAnswersCouldBeSentLeavesNothingInTheLogWhichIsJsonThroughout() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("limits/config")).resolve("shop.yaml"), """
                domain: shop
                descriptors:
                  - key: user
                    rate_limit: {unit: hour, requests_per_unit: 100}
                """);
        try (RealRedis redis = RealRedis.start()) {
            Map<String, String> variables = new HashMap<>();
            variables.put("RUNTIME_ROOT", folder.toString());
            variables.put("RUNTIME_SUBDIRECTORY", "limits");
            variables.put("REDIS_SOCKET_TYPE", "tcp");
            variables.put("REDIS_URL", redis.url().replace("redis://", ""));
            variables.put("LOG_FORMAT", "json");
            RatelimitProcess weir = RatelimitProcess.start(variables);
            try (weir;
                    RawHttp2 client = RawHttp2.thatTakesNoAnswer(weir.grpcPort())) {
                for (int stream = 1; stream < 20; stream += 2) {
                    client.begin(stream, request("shop", descriptor("user", "alice")));
                }
                client.ping();
            }
            weir.awaitStatus();
            for (String line : weir.lines()) {
                JsonObject entry = JsonParser.parseString(line).getAsJsonObject();
                assertTrue(entry.get("throwable").isJsonNull(), line);
            }
        }
    }
}

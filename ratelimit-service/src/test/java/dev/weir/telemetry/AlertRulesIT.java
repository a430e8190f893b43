package dev.weir.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6.3: Prometheus's own promtool, from $PROMTOOL_BIN or the PATH, reads the rules and the dashboard, and the alerts fire. */
class AlertRulesIT {
    @TempDir
    private Path folder;

    private Path promtool;

    @BeforeEach
    void find() {
        String named = System.getenv("PROMTOOL_BIN");
        Stream<Path> places = named == null
                ? Stream.of(System.getenv("PATH").split(":", -1)).map(place -> Path.of(place, "promtool"))
                : Stream.of(Path.of(named));
        Optional<Path> found = places.filter(Files::isExecutable).findFirst();
        Assumptions.assumeTrue(
                found.isPresent(),
                () -> named == null
                        ? "skipped: no promtool on the PATH; it is a part of Prometheus"
                        : "skipped: PROMTOOL_BIN is no executable file");
        promtool = found.get();
    }

    @Test
    void everyAlertFiresWhenItShouldAndOnlyThen() throws Exception {
        run("test", "rules", Monitoring.FOLDER.resolve("alerts_test.yaml"));
    }

    @Test
    void theRulesHaveNoMistake() throws Exception {
        run("check", "rules", Monitoring.FOLDER.resolve("alerts.yaml"));
    }

    @Test
    void everyExpressionOfTheDashboardIsPromql() throws Exception {
        StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
        JsonObject dashboard =
                JsonParser.parseString(Monitoring.read("dashboard.json")).getAsJsonObject();
        int count = 0;
        for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
            for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                String expression = target.getAsJsonObject().get("expr").getAsString();
                rules.append("  - {record: panel").append(count++).append(", expr: '");
                rules.append(expression
                                .replace("$__rate_interval", "1m")
                                .replace("$envoy_timeout", "1")
                                .replace("'", "''"))
                        .append("'}\n");
            }
        }
        assertTrue(count > 0);
        run("check", "rules", Files.writeString(folder.resolve("dashboard.yaml"), rules));
    }

    private void run(String command, String what, Path file) throws Exception {
        Path said = folder.resolve("promtool.log");
        Process process = new ProcessBuilder(List.of(promtool.toString(), command, what, file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertTrue(process.waitFor(1, TimeUnit.MINUTES), "promtool is not done within a minute");
            assertEquals(0, process.exitValue(), Files.readString(said));
        } finally {
            process.destroyForcibly();
        }
    }
}

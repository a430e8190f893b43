package dev.weir.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The real Python client of a provider, from PyPI. Where it cannot be had the test is skipped and says why.
 *
 * @param provider {@code openai} or {@code anthropic}
 * @param url the provider's base address, as the client wants it
 */
public record ModelClient(String provider, String url, String secret) {
    private static final PipPackages CLIENTS =
            new PipPackages(List.of("openai==3.54.0", "anthropic==2.12.0"), List.of(), "anthropic/__init__.py");
    private static final Path SCRIPT = Path.of("src", "test", "resources", "dev", "weir", "envoy", "model_client.py");

    public static ModelClient openAi(int port, String secret) {
        return new ModelClient("openai", "http://127.0.0.1:%d/v1".formatted(port), secret);
    }

    public static ModelClient anthropic(int port, String secret) {
        return new ModelClient("anthropic", "http://127.0.0.1:%d".formatted(port), secret);
    }

    /**
     * Asks the model until the client has had to wait, or gives up, at most {@code times}.
     *
     * @return {@code answers}, {@code told} as the values of {@code retry-after-ms}, {@code waits} in seconds, and {@code error} as the
     *     client's caller meets it
     */
    public JsonObject ask(int times, int maxRetries, int maxTokens) throws IOException, InterruptedException {
        String reason = CLIENTS.fetch();
        Assumptions.assumeTrue(reason == null, () -> "skipped: pip could not unpack the clients: " + reason);
        ProcessBuilder python = new ProcessBuilder(
                "python3",
                SCRIPT.toString(),
                provider,
                url,
                secret,
                Integer.toString(times),
                Integer.toString(maxRetries),
                Integer.toString(maxTokens));
        python.environment().put("PYTHONPATH", CLIENTS.folder().toString());
        python.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        python.environment().put("NO_PROXY", "127.0.0.1");
        Process process = python.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean done = process.waitFor(1, TimeUnit.MINUTES);
        process.destroy();
        if (!done || process.exitValue() != 0) {
            throw new AssertionError("the client of " + provider + " failed: " + said);
        }
        return JsonParser.parseString(said).getAsJsonObject();
    }
}

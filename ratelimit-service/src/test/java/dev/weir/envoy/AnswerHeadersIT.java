package dev.weir.envoy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.policy.Answers;
import dev.weir.testing.HttpCaller;
import dev.weir.testing.Provider;
import dev.weir.testing.RealEnvoy;
import dev.weir.testing.Secrets;
import dev.weir.testing.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R5.7: whoever writes the headers of the limits, callers see each of them once, even if the provider has limits of its own. */
class AnswerHeadersIT {
    private static final String ADMISSION = "              failure_mode_deny: true\n";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void byWeirEachOnce() throws Exception {
        check(
                Answers.Headers.SERVICE,
                RealEnvoy.shippedConfig(),
                List.of(
                        "ratelimit=\"key-requests\";r=1;t=T",
                        "ratelimit-policy=\"key-requests\";q=2;w=3600, \"tokens\";q=100;qu=\"tokens\";w=3600",
                        "x-ratelimit-limit=2",
                        "x-ratelimit-limit-requests=60",
                        "x-ratelimit-remaining=1",
                        "x-ratelimit-reset=T"),
                List.of(
                        "ratelimit=\"key-requests\";r=0;t=T",
                        "ratelimit-policy=\"key-requests\";q=2;w=3600, \"tokens\";q=100;qu=\"tokens\";w=3600",
                        "retry-after=T",
                        "retry-after-ms=T",
                        "x-ratelimit-limit=2",
                        "x-ratelimit-remaining=0",
                        "x-ratelimit-reset=T"));
    }

    @Test
    void byEnvoyEachOnce() throws Exception {
        check(
                Answers.Headers.ENVOY,
                RealEnvoy.replaced(
                        RealEnvoy.shippedConfig(),
                        ADMISSION,
                        ADMISSION + "              enable_x_ratelimit_headers: DRAFT_VERSION_03\n"),
                List.of(
                        "x-ratelimit-limit=2, 2;w=3600;name=\"key-requests\"",
                        "x-ratelimit-limit-requests=60",
                        "x-ratelimit-remaining=1",
                        "x-ratelimit-reset=T"),
                List.of(
                        "retry-after=T",
                        "retry-after-ms=T",
                        "x-ratelimit-limit=2, 2;w=3600;name=\"key-requests\"",
                        "x-ratelimit-remaining=0",
                        "x-ratelimit-reset=T"));
    }

    @Test
    void byNobodyNoneButWhenToTryAgain() throws Exception {
        check(
                Answers.Headers.NONE,
                RealEnvoy.shippedConfig(),
                List.of("x-ratelimit-limit-requests=60"),
                List.of("retry-after=T", "retry-after-ms=T"));
    }

    private void check(Answers.Headers mode, String config, List<String> admitted, List<String> refused)
            throws Exception {
        Path policy = Files.writeString(
                folder.resolve("policy.yaml"), """
                domain: llm
                answers: {headers: %s}
                limits:
                  - {name: key-requests, tier: key, per: [key], allow: 2 requests / 1h}
                  - {name: tokens, tier: user, per: [user], allow: 100 tokens / 1h, estimate: 1}
                """.formatted(mode.name().toLowerCase(Locale.ROOT)));
        Path keys = Files.writeString(folder.resolve("keys.yaml"), Secrets.register(List.of("alice")));
        try (Provider provider = Provider.start();
                TestService service = TestService.inMemory(policy, keys);
                RealEnvoy envoy =
                        RealEnvoy.start(folder, config, provider.port(), RealEnvoy.port(service.grpcPort()))) {
            HttpCaller alice = new HttpCaller(envoy.port(), Secrets.of("alice"));
            HttpResponse<String> first = ask(alice, 1);
            ask(alice, 1);
            HttpResponse<String> third = ask(alice, 1);
            HttpResponse<String> hopeless = ask(alice, 1_000);

            assertEquals(200, first.statusCode());
            assertEquals(admitted, ofLimits(first));
            assertEquals(429, third.statusCode());
            assertEquals(refused, ofLimits(third));
            assertEquals(
                    "key-requests", third.headers().firstValue("x-weir-limit").orElse(""));
            assertEquals(List.of("false"), hopeless.headers().allValues("x-should-retry"));
            assertEquals(List.of(), hopeless.headers().allValues("retry-after"));
        }
    }

    private static HttpResponse<String> ask(HttpCaller caller, int maxTokens) throws Exception {
        String body = "{\"max_tokens\":%d,\"messages\":[]}".formatted(maxTokens);
        return caller.post(body, "x-provider-mode", "limits");
    }

    /** One entry for each time that a header stands there. */
    private static List<String> ofLimits(HttpResponse<String> answer) {
        return new TreeMap<>(answer.headers().map())
                .entrySet().stream()
                        .filter(header -> header.getKey().matches("(x-)?ratelimit.*")
                                || header.getKey().startsWith("retry-after"))
                        .flatMap(header ->
                                header.getValue().stream().map(value -> header.getKey() + "=" + steady(value)))
                        .toList();
    }

    /** About an hour, which is what all times here are, as {@code T}. */
    private static String steady(String value) {
        return value.replaceAll("(^|;t=)3[56][0-9]{2}([0-9]{3})?$", "$1T");
    }
}

package dev.weir.cli;

import com.google.gson.JsonObject;
import dev.weir.envoy.ClientTls;
import dev.weir.envoy.RateLimitProbe;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Asks a service that runs, as Envoy would, whether there is room.",
        footer = {
            "",
            "Takes nothing, unless --hits says so.",
            "",
            "Examples:",
            "  weir check llm user=alice environment=prod",
            "  weir check --grpc unix:/run/weir/weir.sock --hits 1 llm user=alice max_tokens=500",
            "",
            "Exit status: 0 there is room, 1 there is none, 2 wrong use, or no answer.",
        })
public final class CheckCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DOMAIN", description = "The domain of Envoy's ratelimit filter.")
    private String domain = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME=VALUE",
            converter = AttributeArgument.Converter.class,
            description = "The attributes of a request.")
    private List<AttributeArgument> arguments = List.of();

    @Option(
            names = "--grpc",
            paramLabel = "ADDRESS",
            converter = GrpcAddress.class,
            description = "HOST:PORT or unix:PATH. Default: port 8081 of this machine.")
    private SocketAddress grpc = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8081);

    @Option(
            names = "--grpc-ca",
            paramLabel = "FILE",
            description =
                    "Asks by TLS: who must have signed the service's certificate, in PEM. It must bear the host of"
                            + " --grpc.")
    private @Nullable Path authorities;

    @Option(
            names = "--grpc-cert",
            paramLabel = "FILE",
            description = "With --grpc-ca: the certificate that the service is shown, in PEM.")
    private @Nullable Path certificate;

    @Option(names = "--grpc-key", paramLabel = "FILE", description = "The key of --grpc-cert, in PEM.")
    private @Nullable Path key;

    @Option(
            names = "--hits",
            paramLabel = "N",
            description =
                    "How many requests to count. Default: 0, which only asks. What they hold is not settled: an estimate"
                            + " of tokens stays charged, a parallel slot is freed.")
    private int hits;

    @Option(names = "--timeout", paramLabel = "MILLIS", description = "How long to wait. Default: 5000.")
    private int timeoutMillis = 5_000;

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (hits < 0 || timeoutMillis < 1) {
            System.err.println("weir: --hits must be at least 0, --timeout at least 1");
            return 2;
        }
        if ((certificate == null) != (key == null) || (certificate != null && authorities == null)) {
            System.err.println("weir: --grpc-cert and --grpc-key belong together, and need --grpc-ca");
            return 2;
        }
        try {
            ClientTls tls = authorities == null ? null : new ClientTls(authorities, certificate, key);
            RateLimitProbe.Answer answer = RateLimitProbe.ask(
                    grpc, tls, domain, AttributeArgument.all(arguments), hits, Duration.ofMillis(timeoutMillis));
            show(answer);
            return answer.allowed() ? 0 : 1;
        } catch (IOException e) {
            System.err.println("weir: " + e.getMessage());
            return 2;
        }
    }

    private void show(RateLimitProbe.Answer answer) {
        PrintStream out = Terminal.stdout();
        if (json) {
            out.println(json(answer));
        } else {
            out.println(answer.allowed() ? Terminal.coloured("allowed", "green") : Terminal.coloured("refused", "red"));
            List<List<String>> rows = new ArrayList<>();
            answer.headers().forEach((name, value) -> rows.add(List.of("  " + name, value)));
            Terminal.table(out, rows);
            if (!answer.body().isEmpty()) {
                out.println(answer.body());
            }
        }
        out.flush();
    }

    private static JsonObject json(RateLimitProbe.Answer answer) {
        JsonObject result = new JsonObject();
        result.addProperty("allowed", answer.allowed());
        JsonObject headers = new JsonObject();
        answer.headers().forEach(headers::addProperty);
        result.add("headers", headers);
        result.addProperty("body", answer.body());
        return result;
    }
}

package dev.weir.cli;

import com.google.gson.JsonObject;
import dev.weir.tools.check.RateLimitProbe;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    @Mixin
    private RequestParameters request = new RequestParameters();

    @Mixin
    private TargetOptions service = new TargetOptions();

    @Option(
            names = "--hits",
            paramLabel = "N",
            description =
                    "How many requests to count. Default: 0, which only asks. What they hold is not settled: an estimate"
                            + " of tokens stays charged, a parallel slot is freed.")
    private int hits;

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (hits < 0) {
            System.err.println("weir: --hits must be at least 0");
            return 2;
        }
        try {
            RateLimitProbe.Answer answer =
                    RateLimitProbe.ask(service.target(), request.domain(), request.attributes(), hits);
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

package dev.weir.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.weir.admin.ExplanationJson;
import dev.weir.config.ConfigException;
import dev.weir.config.Spelling;
import dev.weir.decide.Explainer;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Says which limits a request with some attributes meets, in which order, why not the others, and with"
                        + " --service how full they are. Takes nothing from any limit.",
        footer = {
            "",
            "Examples:",
            "  weir explain --policy policy.yaml user=alice environment=prod",
            "  weir explain --service 127.0.0.1:8080 --domain llm user=alice",
            "",
            "Exit status: 0 a limit applies, 1 none does, 2 wrong use, or nobody could be asked.",
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME=VALUE",
            converter = AttributeArgument.Converter.class,
            description = "The attributes of a request.")
    private List<AttributeArgument> arguments = List.of();

    @Option(
            names = "--policy",
            paramLabel = "FILE_OR_FOLDER",
            defaultValue = "${env:WEIR_POLICY}",
            description = "Asks a policy. Variable: WEIR_POLICY.")
    private @Nullable Path policy;

    @Option(
            names = "--service",
            paramLabel = "HOST:PORT",
            converter = HostAndPort.class,
            description = "Asks a service that runs, at its admin address.")
    private @Nullable InetSocketAddress service;

    @Option(names = "--domain", paramLabel = "NAME", description = "Needed where the policy has several.")
    private @Nullable String domain;

    @Option(names = "--json", description = "Answers in JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Attributes attributes = AttributeArgument.all(arguments);
        try {
            JsonObject explanation = service != null ? asked(service, attributes) : read(attributes);
            show(explanation);
            return explanation.getAsJsonArray("limits").asList().stream().anyMatch(ExplainCommand::applies) ? 0 : 1;
        } catch (ConfigException e) {
            e.problems().forEach(System.err::println);
        } catch (IOException e) {
            System.err.println("weir: " + e.getMessage());
        }
        return 2;
    }

    private JsonObject read(Attributes attributes) throws ConfigException, IOException {
        if (policy == null) {
            throw new IOException("say with --policy or --service whom to ask");
        }
        Policy read = PolicyReader.read(policy);
        Domain asked = read.domainOrOnly(domain);
        if (asked == null) {
            List<String> names = read.domains().keySet().stream().sorted().toList();
            throw new IOException(
                    domain == null
                            ? "the policy has several domains; say with --domain which of " + String.join(", ", names)
                            : Spelling.unknown("domain", domain, names));
        }
        return ExplanationJson.of(Explainer.explain(asked, attributes));
    }

    private JsonObject asked(InetSocketAddress address, Attributes attributes) throws IOException {
        List<String> query = new ArrayList<>();
        if (domain != null) {
            query.add("domain=" + encoded(domain));
        }
        for (int i = 0; i < attributes.size(); i++) {
            query.add("attribute=" + encoded(attributes.name(i) + "=" + attributes.value(i)));
        }
        URI uri = URI.create("http://" + authority(address) + "/explain?" + String.join("&", query));
        HttpResponse<String> response;
        try {
            response = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IOException(
                    "no service answers at " + authority(address) + "; name its admin address: " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        JsonObject answer = parsed(response.body());
        if (answer.get("problem") instanceof JsonPrimitive problem) {
            throw new IOException(problem.getAsString());
        }
        if (response.statusCode() != 200 || !(answer.get("limits") instanceof JsonArray)) {
            throw new IOException("what answers at " + authority(address)
                    + " is not Weir's admin address, or is an older version of Weir's");
        }
        return answer;
    }

    private static String reason(IOException failure) {
        return failure instanceof HttpTimeoutException
                ? "it takes longer than " + PATIENCE.toSeconds() + " s"
                : failure instanceof ConnectException
                        ? "the connection is refused"
                        : "what answers there does not speak HTTP/1.1";
    }

    /** Returns an object of JSON; empty where the text is none. */
    private static JsonObject parsed(String body) {
        try {
            return JsonParser.parseString(body).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            return new JsonObject();
        }
    }

    private static String authority(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private void show(JsonObject explanation) {
        PrintStream out = Terminal.stdout();
        if (json) {
            out.println(explanation);
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("LIMIT", "TIER", "ALLOWS", "USED", "REMAINING", "RESET", ""));
            explanation.getAsJsonArray("limits").forEach(limit -> rows.add(row(limit.getAsJsonObject())));
            out.println("domain " + explanation.get("domain").getAsString() + ", policy "
                    + explanation.get("policy").getAsString());
            Terminal.table(out, rows);
            if (explanation.has("outcome")) {
                out.println(explanation.get("outcome").getAsString());
            }
        }
        out.flush();
    }

    private static List<String> row(JsonObject limit) {
        String note = limit.has("reason")
                ? "does not apply: " + limit.get("reason").getAsString()
                : limit.get("mode").getAsString().equals("shadow") ? "applies, in shadow mode" : "applies";
        String reset =
                limit.has("reset") ? Math.round(Math.ceil(limit.get("reset").getAsDouble())) + " s" : "";
        return List.of(
                limit.get("limit").getAsString(),
                limit.get("tier").getAsString(),
                limit.get("allows").getAsString(),
                text(limit, "used"),
                text(limit, "remaining"),
                reset,
                note);
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) ? json.get(name).getAsString() : "";
    }

    private static boolean applies(JsonElement limit) {
        return limit.getAsJsonObject().get("applies").getAsBoolean();
    }
}

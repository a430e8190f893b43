package dev.weir.testing;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** The stand-in for an LLM provider that the demo uses as well: {@code envoy/provider}. */
public final class Provider implements AutoCloseable {
    private final ChildProcess process;
    private final int port;

    private Provider(ChildProcess process) {
        this.process = process;
        String ready = process.awaitReady();
        this.port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
    }

    public static Provider start() {
        String script = RealEnvoy.FOLDER.resolve("provider").toString();
        return new Provider(new ChildProcess(List.of("python3", script, "--port", "0"), "listening on"));
    }

    public int port() {
        return port;
    }

    /** What reached it from the caller who is known to it as {@code user}, oldest first. */
    public List<JsonObject> requestsOf(String user) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + "/requests");
        String json = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        List<JsonObject> requests = new ArrayList<>();
        for (JsonElement request : JsonParser.parseString(json).getAsJsonArray()) {
            JsonElement seen =
                    request.getAsJsonObject().getAsJsonObject("headers").get("x-weir-user");
            if (seen != null && seen.getAsString().equals(user)) {
                requests.add(request.getAsJsonObject());
            }
        }
        return requests;
    }

    @Override
    public void close() {
        process.close();
    }
}

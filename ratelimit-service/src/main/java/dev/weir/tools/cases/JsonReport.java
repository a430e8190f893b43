package dev.weir.tools.cases;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;

/** Tells programs the results of cases. */
public final class JsonReport {
    private JsonReport() {}

    /** Returns one line of JSON, with seconds as decimal numbers. */
    public static String of(Results results) {
        JsonObject json = new JsonObject();
        json.addProperty("cases", results.cases());
        json.addProperty("failed", results.failed());
        json.addProperty("seconds", Results.seconds(results.nanos()));
        JsonArray files = new JsonArray();
        results.files().forEach(file -> files.add(file(file)));
        json.add("files", files);
        JsonArray idle = new JsonArray();
        results.idle().forEach(one -> idle.add(idle(one)));
        json.add("not_exercised", idle);
        return json.toString();
    }

    private static JsonObject file(Results.OfFile file) {
        JsonObject json = new JsonObject();
        json.addProperty("file", file.file());
        JsonArray cases = new JsonArray();
        file.cases().forEach(one -> cases.add(one(one)));
        json.add("cases", cases);
        return json;
    }

    private static JsonObject one(Results.OfCase one) {
        JsonObject json = new JsonObject();
        json.addProperty("name", one.name());
        json.addProperty("ok", one.ok());
        json.addProperty("seconds", Results.seconds(one.nanos()));
        JsonArray failures = new JsonArray();
        one.failures().forEach(failure -> failures.add(failure(failure)));
        json.add("failures", failures);
        return json;
    }

    private static JsonObject failure(Failure failure) {
        JsonObject json = new JsonObject();
        json.addProperty("line", failure.place().line());
        json.addProperty("column", failure.place().column());
        json.addProperty("message", failure.message());
        json.add("limits", texts(failure.limits()));
        return json;
    }

    private static JsonObject idle(Results.Idle idle) {
        JsonObject json = new JsonObject();
        json.addProperty("policy", idle.policy());
        json.addProperty("domain", idle.domain());
        json.add("limits", texts(idle.limits()));
        return json;
    }

    private static JsonArray texts(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}

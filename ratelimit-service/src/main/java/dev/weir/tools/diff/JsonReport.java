package dev.weir.tools.diff;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** Tells programs what differs. */
public final class JsonReport {
    private JsonReport() {}

    /** Returns one line of JSON. */
    public static String of(PolicyDiff.Result result) {
        JsonObject json = new JsonObject();
        json.addProperty("requests", result.requests());
        json.addProperty("allowed", result.allowed());
        json.addProperty("refused", result.refused());
        json.addProperty("invalid", result.invalid());
        json.addProperty("differences", result.differences());
        JsonArray kinds = new JsonArray();
        result.kinds().forEach(kind -> kinds.add(kind(kind)));
        json.add("kinds", kinds);
        return json.toString();
    }

    private static JsonObject kind(PolicyDiff.Kind kind) {
        JsonObject json = new JsonObject();
        json.add("old", answer(kind.before()));
        json.add("new", answer(kind.after()));
        json.addProperty("count", kind.count());
        JsonArray examples = new JsonArray();
        for (PolicyDiff.Example example : kind.examples()) {
            JsonObject one = new JsonObject();
            one.addProperty("number", example.number());
            one.add("request", example.asked().toJson());
            examples.add(one);
        }
        json.add("examples", examples);
        return json;
    }

    private static JsonObject answer(Answer answer) {
        JsonObject json = new JsonObject();
        json.addProperty("answer", answer.word());
        json.addProperty("by", answer.by().isEmpty() ? null : answer.by());
        return json;
    }
}

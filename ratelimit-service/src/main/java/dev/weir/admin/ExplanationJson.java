package dev.weir.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Explanation;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;

/**
 * Writes an explanation as {@code weir explain} shows it: {@code {"domain":...,"policy":...,"limits":[{"limit":...,"applies":true,
 * "used":12,"remaining":8,...}],"outcome":...}}. Seconds are decimal numbers.
 */
public final class ExplanationJson {
    private ExplanationJson() {}

    public static JsonObject of(Explanation explanation) {
        JsonObject json = new JsonObject();
        json.addProperty("domain", explanation.domain().name());
        json.addProperty("policy", explanation.domain().version());
        JsonArray limits = new JsonArray();
        explanation.lines().forEach(line -> limits.add(line(line)));
        json.add("limits", limits);
        json.addProperty("outcome", explanation.outcome());
        return json;
    }

    private static JsonObject line(Explanation.Line line) {
        Limit limit = line.limit();
        JsonObject json = new JsonObject();
        json.addProperty("limit", limit.name());
        json.addProperty("tier", limit.tier().word());
        json.addProperty("allows", limit.allows());
        json.addProperty("place", limit.source().place().toString());
        json.addProperty("applies", line.applies());
        if (line.reason() != null) {
            json.addProperty("reason", line.reason());
            return json;
        }
        json.addProperty("mode", line.enforced() ? "enforce" : "shadow");
        if (line.bucket() != null) {
            json.addProperty("bucket", line.bucket());
        }
        BucketStatus level = line.level();
        if (level != null) {
            json.addProperty("used", level.used());
            json.addProperty("remaining", Math.max(0, limit.most() - level.used()));
            if (!(limit.allow().window() instanceof Window.None)) {
                json.addProperty("reset", level.resetMicros() / 1e6);
            }
        }
        return json;
    }
}

package dev.weir.refusal;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weir.bucket.Level;
import dev.weir.decide.Decision;
import dev.weir.decide.Standing;
import dev.weir.policy.Limit;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The account of refusals: of one, or of several alike that came faster than they could be written.
 *
 * @param count how many refusals this record stands for; the rest tells of the last of them
 */
record Refusal(Instant time, Request request, Decision.Refused decision, long count) {

    /** What refusals must have in common to be merged. */
    record Kind(String domain, String reason, String limit) {}

    Kind kind() {
        return new Kind(request.domain(), decision.reason().word(), limitName());
    }

    private String limitName() {
        Standing by = decision.by();
        return by == null ? "" : by.limit().name();
    }

    Refusal counted(long newCount) {
        return new Refusal(time, request, decision, newCount);
    }

    /** One line of JSON. Seconds are decimal numbers; what does not apply is null. */
    String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("time", time.toString());
        json.addProperty("request_id", request.id());
        json.addProperty("domain", request.domain());
        json.add("attributes", attributes());
        addLimit(json, decision.by());
        json.addProperty("reason", decision.reason().word());
        json.add(
                "retry_after",
                decision.retryMicros() == Level.NEVER ? JsonNull.INSTANCE : seconds(decision.retryMicros()));
        json.addProperty("message", decision.sentence());
        json.addProperty("count", count);
        return json.toString();
    }

    /** Those of the descriptor that reached the limit; of the first one where none did. */
    private JsonObject attributes() {
        Standing by = decision.by();
        Descriptor descriptor = request.descriptors().get(by == null ? 0 : by.descriptor());
        JsonObject json = new JsonObject();
        descriptor.attributes().toMap().forEach(json::addProperty);
        return json;
    }

    private static void addLimit(JsonObject json, @Nullable Standing by) {
        Limit limit = by == null ? null : by.limit();
        json.addProperty("limit", limit == null ? null : limit.name());
        json.addProperty("tier", limit == null ? null : limit.tier().word());
        json.addProperty(
                "measure", limit == null ? null : limit.allow().measure().word());
        json.addProperty("allowed", limit == null ? null : limit.allow().amount());
        json.addProperty("used", by == null ? null : by.level().used());
        json.addProperty("asked", by == null ? null : by.asked());
        json.addProperty("window", limit == null ? null : limit.allow().window().text());
        json.add("reset", by == null ? JsonNull.INSTANCE : seconds(by.level().resetMicros()));
    }

    private static JsonElement seconds(long micros) {
        return new JsonPrimitive(micros / 1e6);
    }
}

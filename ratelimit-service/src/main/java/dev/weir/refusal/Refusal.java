package dev.weir.refusal;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The account of one refusal, or of several alike that came faster than they could be written. Holds no more of the request than is
 * written, because many may wait.
 *
 * @param attributes those of the descriptor that reached the limit; of the first one where none did
 * @param shadow true if the request was not refused, but would have been if the limit were not in shadow mode
 * @param count how many refusals this record stands for; the rest tells of the last of them
 * @param admitted how many requests the limit let through since the last record about it; null where no limit refused, or as long as the
 *     record waits
 */
public record Refusal(
        Instant time,
        @Nullable String requestId,
        String domain,
        Map<String, String> attributes,
        Decision.Refused decision,
        boolean shadow,
        long count,
        @Nullable Long admitted) {
    private static final int LONGEST_VALUE = 256;

    /** The parts that refusals must have in common to be merged. */
    record Kind(String domain, String reason, String limit, boolean shadow) {}

    public static Refusal of(Instant time, Request request, Decision.Refused decision, boolean shadow) {
        LimitStatus by = decision.by();
        Attributes of = request.descriptors().stream()
                .filter(descriptor -> by == null || descriptor.position() == by.descriptor())
                .map(Descriptor::attributes)
                .findFirst()
                .orElse(Attributes.NONE);
        Map<String, String> attributes = new LinkedHashMap<>();
        of.toMap().forEach((name, value) -> attributes.put(legible(name), legible(value)));
        String id = request.id() == null ? null : legible(request.id());
        return new Refusal(time, id, request.domain(), attributes, decision, shadow, 1, null);
    }

    /** Writes bytes that are not UTF-8 as {@code \xff}, and no more than a reader wants to see. */
    private static String legible(String text) {
        StringBuilder legible = null;
        int length = Math.min(text.length(), LONGEST_VALUE);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0xdc80 && c <= 0xdcff && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)))) {
                legible = legible == null ? new StringBuilder(text.substring(0, i)) : legible;
                legible.append("\\x").append(Integer.toHexString(c & 0xff));
            } else if (legible != null) {
                legible.append(c);
            }
        }
        String shown = legible == null ? text.substring(0, length) : legible.toString();
        return text.length() > LONGEST_VALUE ? shown + "..." : shown;
    }

    Kind kind() {
        LimitStatus by = decision.by();
        return new Kind(
                domain, decision.reason().word(), by == null ? "" : by.limit().name(), shadow);
    }

    Refusal counted(long newCount) {
        return new Refusal(time, requestId, domain, attributes, decision, shadow, newCount, admitted);
    }

    /** Returns it with the number of requests that its limit let through, if one refused. */
    Refusal beside(AdmittedCounts admissions) {
        LimitStatus by = decision.by();
        Long through =
                by == null ? null : (Long) admissions.take(domain, by.limit().name(), shadow);
        return new Refusal(time, requestId, domain, attributes, decision, shadow, count, through);
    }

    /** Writes one line of JSON. Seconds are decimal numbers; what does not apply is null. */
    public String toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("time", time.toString());
        json.addProperty("request_id", requestId);
        json.addProperty("domain", legible(domain));
        json.addProperty("policy", decision.domain().version());
        JsonObject named = new JsonObject();
        attributes.forEach(named::addProperty);
        json.add("attributes", named);
        addLimit(json, decision.by());
        json.addProperty("mode", shadow ? "shadow" : "enforce");
        json.addProperty("reason", decision.reason().word());
        json.add(
                "retry_after",
                decision.retryMicros() == BucketStatus.NEVER ? JsonNull.INSTANCE : seconds(decision.retryMicros()));
        json.addProperty("message", decision.sentence());
        json.addProperty("count", count);
        json.addProperty("admitted", admitted);
        return json.toString();
    }

    private static void addLimit(JsonObject json, @Nullable LimitStatus by) {
        Limit limit = by == null ? null : by.limit();
        json.addProperty("limit", limit == null ? null : limit.name());
        json.addProperty("tier", limit == null ? null : limit.tier().word());
        json.addProperty(
                "measure", limit == null ? null : limit.allow().measure().word());
        json.addProperty("allowed", limit == null ? null : limit.allow().amount());
        json.addProperty("used", by == null ? null : by.level().used());
        json.addProperty("asked", by == null ? null : by.asked());
        json.addProperty(
                "window",
                limit == null || limit.allow().window() instanceof Window.None
                        ? null
                        : limit.allow().window().text());
        json.add(
                "reset",
                by == null || !by.hasReset()
                        ? JsonNull.INSTANCE
                        : seconds(by.level().resetMicros()));
    }

    private static JsonElement seconds(long micros) {
        return new JsonPrimitive(micros / 1e6);
    }
}

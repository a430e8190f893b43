package dev.weir.tools.diff;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A request and when it was sent.
 *
 * @param micros since the epoch
 */
public record TimedRequest(long micros, Request request) {
    /** Returns the JSON that stands for it in a file of requests. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("time", Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
        json.addProperty("domain", request.domain());
        JsonArray descriptors = new JsonArray();
        request.descriptors().forEach(descriptor -> descriptors.add(entries(descriptor.attributes())));
        json.add("descriptors", descriptors);
        request.descriptors().stream()
                .mapToLong(Descriptor::hits)
                .max()
                .ifPresent(hits -> json.addProperty("hits", hits));
        return json;
    }

    private static JsonArray entries(Attributes attributes) {
        JsonArray entries = new JsonArray();
        for (int i = 0; i < attributes.size(); i++) {
            JsonArray entry = new JsonArray();
            entry.add(attributes.name(i));
            entry.add(attributes.value(i));
            entries.add(entry);
        }
        return entries;
    }
}

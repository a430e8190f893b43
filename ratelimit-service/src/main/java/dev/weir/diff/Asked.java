package dev.weir.diff;

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
public record Asked(long micros, Request request) {
    /** As a line of a file of requests says it. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("time", Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString());
        json.addProperty("domain", request.domain());
        JsonArray descriptors = new JsonArray();
        for (Descriptor descriptor : request.descriptors()) {
            descriptors.add(entries(descriptor.attributes()));
            json.addProperty("hits", descriptor.hits());
        }
        json.add("descriptors", descriptors);
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

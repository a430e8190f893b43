package dev.weir.refusal.sink;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A record for where there is little room: its texts are cut, all to the same length, the longest that fits; where that does not help, the
 * attributes are left out. It stays JSON, and says so by {@code "shortened":true}.
 */
final class TruncatedRecord {
    private static final int[] LENGTHS = {128, 64, 32};
    /** The shortest length of a cut text; no word of our own is longer. */
    private static final int SHORTEST = 24;

    private TruncatedRecord() {}

    /** Returns the record, as it is if it has at most so many bytes in UTF-8. */
    static String to(int bytes, String record) {
        if (fits(bytes, record)) {
            return record;
        }
        JsonObject whole = JsonParser.parseString(record).getAsJsonObject();
        for (int length : LENGTHS) {
            String shortened = cut(whole, length).toString();
            if (fits(bytes, shortened)) {
                return shortened;
            }
        }
        JsonObject least = cut(whole, SHORTEST);
        least.add("attributes", new JsonObject());
        return least.toString();
    }

    private static boolean fits(int bytes, String record) {
        return record.getBytes(StandardCharsets.UTF_8).length <= bytes;
    }

    private static JsonObject cut(JsonObject whole, int length) {
        JsonObject cut = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : whole.entrySet()) {
            boolean time = entry.getKey().equals("time");
            cut.add(entry.getKey(), time ? entry.getValue() : cut(entry.getValue(), length));
        }
        cut.addProperty("shortened", true);
        return cut;
    }

    private static JsonElement cut(JsonElement value, int length) {
        if (value.isJsonObject()) {
            JsonObject cut = new JsonObject();
            value.getAsJsonObject()
                    .entrySet()
                    .forEach(entry -> cut.add(text(entry.getKey(), length), cut(entry.getValue(), length)));
            return cut;
        }
        boolean text = value.isJsonPrimitive() && value.getAsJsonPrimitive().isString();
        return text ? new JsonPrimitive(text(value.getAsString(), length)) : value;
    }

    private static String text(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        boolean insideOfAPair = Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, insideOfAPair ? length - 1 : length) + "...";
    }
}

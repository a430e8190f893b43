package dev.weir.tools.diff;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.weir.config.FileFailure;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads recorded requests, one JSON object per line with {@code time} (ISO 8601), {@code domain}, {@code descriptors} (lists of
 * {@code [key, value]}) and {@code hits} (1 where it is left out). In place of {@code descriptors} there may be {@code attributes}, as
 * refusal records have them; other fields are ignored.
 */
public final class RequestsReader {
    private static final long MOST_HITS = 0xffff_ffffL;

    private static final String FORM = "write for example "
            + "{\"time\":\"2026-01-05T09:00:00Z\",\"domain\":\"llm\",\"descriptors\":[[[\"user\",\"alice\"]]]}";

    private RequestsReader() {}

    /**
     * Returns the requests in the order of the file.
     *
     * @throws IOException if it cannot be read, or one of its lines is no request; the message says which and why
     */
    public static List<TimedRequest> read(Path file) throws IOException {
        List<TimedRequest> requests = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                try {
                    requests.add(request(lines.get(i)));
                } catch (JsonParseException e) {
                    throw new IOException(file + ":" + (i + 1) + ": is no JSON; " + FORM, e);
                } catch (IllegalArgumentException e) {
                    throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return requests;
    }

    private static List<String> lines(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException(file + " is a folder, a pipe or a device; name a file");
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8; save it as UTF-8", e);
        } catch (IOException e) {
            throw new IOException(file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static TimedRequest request(String line) {
        if (!(JsonParser.parseString(line) instanceof JsonObject json)) {
            throw new IllegalArgumentException("is no JSON object; " + FORM);
        }
        long micros = micros(text(json, "time"));
        long hits = json.has("hits") ? hits(json.get("hits")) : 1;
        List<Descriptor> descriptors = new ArrayList<>();
        for (Attributes attributes : attributes(json)) {
            descriptors.add(new Descriptor(descriptors.size(), attributes, hits, null));
        }
        return new TimedRequest(micros, new Request(text(json, "domain"), null, descriptors, List.of()));
    }

    private static long micros(String time) {
        try {
            return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "`time` is `" + time + "`; write a time such as 2026-01-05T09:00:00Z", e);
        }
    }

    private static List<Attributes> attributes(JsonObject json) {
        if (json.get("attributes") instanceof JsonObject pairs && !json.has("descriptors")) {
            List<String> names = new ArrayList<>();
            List<String> values = new ArrayList<>();
            for (Map.Entry<String, JsonElement> pair : pairs.entrySet()) {
                names.add(pair.getKey());
                values.add(text(pair.getValue(), "an attribute"));
            }
            return List.of(Attributes.of(names.toArray(String[]::new), values.toArray(String[]::new)));
        }
        List<Attributes> all = new ArrayList<>();
        for (JsonElement descriptor : items(json.get("descriptors"))) {
            List<String> texts = new ArrayList<>();
            for (JsonElement entry : items(descriptor)) {
                List<JsonElement> pair = items(entry);
                if (pair.size() != 2) {
                    throw new IllegalArgumentException("an entry is [\"key\", \"value\"]");
                }
                pair.forEach(part -> texts.add(text(part, "an entry")));
            }
            all.add(Attributes.of(texts.toArray(String[]::new)).withoutReserved());
        }
        return all;
    }

    private static List<JsonElement> items(@Nullable JsonElement list) {
        if (list == null || !list.isJsonArray()) {
            throw new IllegalArgumentException("`descriptors` is a list of lists of [\"key\", \"value\"]");
        }
        return list.getAsJsonArray().asList();
    }

    private static String text(JsonObject json, String name) {
        return text(json.get(name), "`" + name + "`");
    }

    private static String text(@Nullable JsonElement value, String what) {
        if (value instanceof JsonPrimitive primitive && primitive.isString()) {
            return primitive.getAsString();
        }
        throw new IllegalArgumentException(what + " must be a text in quotes");
    }

    private static long hits(JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.getAsString().matches("[0-9]{1,10}")) {
            long hits = Long.parseLong(primitive.getAsString());
            if (hits <= MOST_HITS) {
                return hits;
            }
        }
        throw new IllegalArgumentException("`hits` is a whole number from 0 to " + MOST_HITS);
    }
}

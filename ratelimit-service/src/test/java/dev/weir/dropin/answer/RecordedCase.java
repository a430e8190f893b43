package dev.weir.dropin.answer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.ByteString;
import com.google.protobuf.UInt64Value;
import dev.weir.config.ConfigException;
import dev.weir.envoy.Calls;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.wire.Descriptor;
import dev.weir.wire.LimitOverride;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit.Unit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** A line of what was recorded from envoyproxy/ratelimit; {@code README.md} beside it tells how, and what the fields are. */
public record RecordedCase(JsonObject json) {
    static List<RecordedCase> all(String resource) {
        try (InputStream packed = Objects.requireNonNull(RecordedCase.class.getResourceAsStream(resource), resource);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(packed), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> new RecordedCase(JsonParser.parseString(line).getAsJsonObject()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String name() {
        return json.has("name") ? json.get("name").getAsString() : "case " + number();
    }

    int number() {
        return json.get("case").getAsInt();
    }

    public boolean setting(String name) {
        return json.getAsJsonObject("settings").get(name).getAsBoolean();
    }

    /** The reference makes some limits anew for their metrics and forgets their metadata over it; Weir does not. */
    boolean losesMetadata() {
        String text = json.get("files").toString();
        return text.contains("detailed_metric") || text.contains("value_to_metric");
    }

    DescriptorSettings settings() {
        JsonObject settings = json.getAsJsonObject("settings");
        DescriptorSettings.Headers headers = new DescriptorSettings.Headers(
                settings.get("limitHeader").getAsString(),
                settings.get("remainingHeader").getAsString(),
                settings.get("resetHeader").getAsString());
        return new DescriptorSettings(
                settings.get("merge").getAsBoolean(),
                settings.get("stopWhenOver").getAsBoolean(),
                settings.get("shadow").getAsBoolean(),
                settings.get("quota").getAsBoolean(),
                settings.get("headers").getAsBoolean() ? headers : null,
                settings.get("metadata").getAsBoolean(),
                settings.get("nearLimitRatio").getAsFloat());
    }

    /** Written to files below a folder and read from there. */
    Policy policy(Path folder, DescriptorSettings settings) throws ConfigException {
        List<Path> files = new ArrayList<>();
        for (JsonElement file : json.getAsJsonArray("files")) {
            JsonObject fields = file.getAsJsonObject();
            try {
                files.add(Files.writeString(
                        folder.resolve(fields.get("name").getAsString()),
                        fields.get("text").getAsString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return PolicyReader.read(files, settings);
    }

    List<JsonObject> steps() {
        List<JsonObject> steps = new ArrayList<>();
        json.getAsJsonArray("steps").forEach(step -> steps.add(step.getAsJsonObject()));
        return steps;
    }

    static RateLimitRequest request(JsonObject step) {
        JsonObject asked = step.getAsJsonObject("request");
        RateLimitRequest.Builder request = RateLimitRequest.newBuilder()
                .setDomain(ByteString.copyFromUtf8(asked.get("domain").getAsString()))
                .setHitsAddend(asked.has("hits") ? (int) asked.get("hits").getAsLong() : 0);
        for (JsonElement descriptor : asked.getAsJsonArray("descriptors")) {
            request.addDescriptors(descriptor(descriptor.getAsJsonObject()));
        }
        return request.build();
    }

    private static Descriptor descriptor(JsonObject asked) {
        Descriptor.Builder descriptor = Descriptor.newBuilder();
        if (asked.has("entries") && asked.get("entries").isJsonArray()) {
            for (JsonElement entry : asked.getAsJsonArray("entries")) {
                JsonArray pair = entry.getAsJsonArray();
                descriptor.addEntries(Calls.entry(
                        pair.get(0).getAsString(),
                        ByteString.copyFromUtf8(pair.get(1).getAsString())));
            }
        }
        if (asked.has("hits")) {
            descriptor.setHitsAddend(UInt64Value.of(asked.get("hits").getAsLong()));
        }
        if (asked.has("limit")) {
            JsonArray limit = asked.getAsJsonArray("limit");
            descriptor.setLimit(LimitOverride.newBuilder()
                    .setRequestsPerUnit((int) limit.get(0).getAsLong())
                    .setUnit(Unit.valueOf(limit.get(1).getAsString()).getNumber()));
        }
        return descriptor.build();
    }
}

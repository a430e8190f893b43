package dev.weir.dropin.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.Value;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.ManualClock;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.YamlRules;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.decide.DecisionListener;
import dev.weir.envoy.call.InvalidRequestException;
import dev.weir.envoy.ratelimit.RateLimitCall;
import dev.weir.envoy.ratelimit.RequestReader;
import dev.weir.policy.Policy;
import dev.weir.request.Request;
import dev.weir.wire.RateLimitRequest;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** Asks Weir what envoyproxy/ratelimit was asked, and expects its answers to the last field. */
public final class RecordedAnswers {
    /** In it the cache tells a descriptor that brings a limit of 50 along that it is over, because it was over one of 3. */
    private static final int OVER_BY_ANOTHER_LIMIT = 1534;

    private final ManualClock clock;
    private final Buckets buckets;
    private final DecisionListener listener;

    /** @param clock what the buckets go by */
    public RecordedAnswers(ManualClock clock, Buckets buckets) {
        this(clock, buckets, new DecisionListener() {});
    }

    public RecordedAnswers(ManualClock clock, Buckets buckets, DecisionListener listener) {
        this.clock = clock;
        this.buckets = buckets;
        this.listener = listener;
    }

    /**
     * All but those where the reference's cache of used-up limits changes the answer: with
     * STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT it tells of a limit that would be passed only if it is not in that cache.
     */
    public static Stream<RecordedCase> cases() {
        return RecordedCase.all("/dev/weir/dropin/answer/answers.jsonl.gz").stream()
                .filter(recorded -> !(recorded.setting("localCache") && recorded.setting("stopWhenOver")))
                .filter(recorded -> recorded.number() != OVER_BY_ANOTHER_LIMIT);
    }

    /** Of YAML Weir reads neither anchors nor tags, and no key twice. */
    private static boolean isStricter(Problem problem) {
        return problem.rule().equals(YamlRules.SYNTAX) || problem.rule().equals(YamlRules.DUPLICATE_KEY);
    }

    /** Answers whether Weir reads the policy; what it reads it must answer alike. */
    public boolean replay(RecordedCase recorded, Path folder) {
        Policy policy;
        try {
            policy = recorded.policy(folder, recorded.settings());
        } catch (ConfigException e) {
            assertTrue(
                    e.problems().stream().anyMatch(RecordedAnswers::isStricter),
                    () -> recorded.name() + ": " + e.getMessage());
            return false;
        }
        Decider decider = new Decider(policy, buckets, Duration.ofHours(1));
        int number = 0;
        for (JsonObject step : recorded.steps()) {
            clock.set(step.get("at").getAsLong() * 1_000_000);
            String where = recorded.name() + ", step " + number++;
            RateLimitRequest request = RecordedCase.request(step);
            if (step.has("error")) {
                assertThrows(InvalidRequestException.class, () -> RequestReader.read(request.toByteArray()), where);
                listener.rejected(where);
            } else {
                JsonObject told = told(answer(decider, request));
                JsonObject expected = step.getAsJsonObject("answer");
                if (recorded.losesMetadata()) {
                    forgetMetadata(told);
                    forgetMetadata(expected);
                }
                assertEquals(expected, told, () -> where + ": " + step.get("request"));
            }
        }
        return true;
    }

    private RateLimitResponse answer(Decider decider, RateLimitRequest message) {
        try {
            RateLimitCall call = RequestReader.read(message.toByteArray());
            Request request = call.request();
            Decision decision = decider.decide(request).toCompletableFuture().join();
            listener.decided(request, decision, 0);
            return ReferenceAnswer.of(decision, call);
        } catch (InvalidRequestException e) {
            throw new AssertionError(message.toString(), e);
        }
    }

    private static void forgetMetadata(JsonObject answer) {
        if (answer.has("metadata")) {
            answer.getAsJsonObject("metadata").remove("metadata");
        }
    }

    /** In the form of the record. */
    private static JsonObject told(RateLimitResponse response) {
        JsonObject told = new JsonObject();
        told.addProperty("code", response.getOverallCode().name());
        JsonArray statuses = new JsonArray();
        response.getStatusesList().forEach(status -> statuses.add(status(status)));
        told.add("statuses", statuses);
        if (response.getResponseHeadersToAddCount() > 0) {
            JsonArray headers = new JsonArray();
            response.getResponseHeadersToAddList().forEach(header -> {
                JsonArray pair = new JsonArray();
                pair.add(header.getKey());
                pair.add(header.getValue());
                headers.add(pair);
            });
            told.add("headers", headers);
        }
        if (response.hasDynamicMetadata()) {
            told.add(
                    "metadata",
                    json(Value.newBuilder()
                            .setStructValue(response.getDynamicMetadata())
                            .build()));
        }
        return told;
    }

    private static JsonObject status(RateLimitResponse.DescriptorStatus status) {
        JsonObject told = new JsonObject();
        told.addProperty("code", status.getCode().name());
        if (status.hasCurrentLimit()) {
            JsonArray limit = new JsonArray();
            limit.add(Integer.toUnsignedLong(status.getCurrentLimit().getRequestsPerUnit()));
            limit.add(status.getCurrentLimit().getUnit().name());
            if (!status.getCurrentLimit().getName().isEmpty()) {
                limit.add(status.getCurrentLimit().getName());
            }
            told.add("limit", limit);
        }
        told.addProperty("remaining", Integer.toUnsignedLong(status.getLimitRemaining()));
        if (status.hasDurationUntilReset()) {
            told.addProperty("reset", status.getDurationUntilReset().getSeconds());
        }
        return told;
    }

    private static JsonElement json(Value value) {
        return switch (value.getKindCase()) {
            case STRUCT_VALUE -> {
                JsonObject object = new JsonObject();
                value.getStructValue().getFieldsMap().forEach((key, field) -> object.add(key, json(field)));
                yield object;
            }
            case LIST_VALUE -> {
                JsonArray array = new JsonArray();
                value.getListValue().getValuesList().forEach(item -> array.add(json(item)));
                yield array;
            }
            case STRING_VALUE -> new JsonPrimitive(value.getStringValue());
            case NUMBER_VALUE -> new JsonPrimitive(value.getNumberValue());
            case BOOL_VALUE -> new JsonPrimitive(value.getBoolValue());
            default -> JsonNull.INSTANCE;
        };
    }
}

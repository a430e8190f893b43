package dev.weir.envoy.answer;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.decide.Variables;
import dev.weir.measure.Measure;
import dev.weir.policy.Answers;
import dev.weir.policy.Template;
import java.util.Locale;

/**
 * The body of a refusal: what the limit's template makes, or an error in the form that the domain's clients read. Besides what those know,
 * the error holds the reason, the limit, its tier and comment, and the version of the policy.
 */
record ErrorBody(String contentType, String text) {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** @param status the HTTP status that the body goes with */
    static ErrorBody of(Decision.Refused refused, int status) {
        LimitStatus by = refused.by();
        Template template = by == null ? null : by.limit().wording().body();
        return by == null || template == null
                ? new ErrorBody(JSON, error(refused, status).toString())
                : filled(template, refused, by);
    }

    /** Fills a template: as JSON where it begins like JSON, so that no value can break out of its string. */
    private static ErrorBody filled(Template template, Decision.Refused refused, LimitStatus by) {
        String start = template.texts().get(0).stripLeading();
        boolean json = start.startsWith("{") || start.startsWith("[");
        String text = template.fill(variable -> {
            String value = Variables.of(variable, refused, by);
            return json ? escaped(value) : value;
        });
        return new ErrorBody(json ? JSON : TEXT, text);
    }

    private static String escaped(String value) {
        String quoted = new JsonPrimitive(value).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private static JsonObject error(Decision.Refused refused, int status) {
        return switch (refused.domain().settings().answers().errors()) {
            case OPENAI -> openAi(refused);
            case ANTHROPIC -> anthropic(refused);
            case GEMINI -> gemini(refused, status);
        };
    }

    /** Says it a second time at the top, where clients of providers that imitate OpenAI look for it. */
    private static JsonObject openAi(Decision.Refused refused) {
        JsonObject error = new JsonObject();
        addOpenAi(error, refused);
        addWhatRefused(error, refused);
        JsonObject body = new JsonObject();
        body.add("error", error);
        body.addProperty("object", "error");
        addOpenAi(body, refused);
        return body;
    }

    private static void addOpenAi(JsonObject json, Decision.Refused refused) {
        json.addProperty("message", refused.sentence());
        json.addProperty("type", ErrorCategory.of(refused.reason()).word(Answers.Errors.OPENAI));
        json.addProperty("param", isAboutMaxTokens(refused) ? "max_tokens" : null);
        json.addProperty("code", code(refused.reason()));
    }

    private static JsonObject anthropic(Decision.Refused refused) {
        JsonObject error = new JsonObject();
        error.addProperty("message", refused.sentence());
        error.addProperty("type", ErrorCategory.of(refused.reason()).word(Answers.Errors.ANTHROPIC));
        addWhatRefused(error, refused);
        JsonObject body = new JsonObject();
        body.addProperty("type", "error");
        body.add("error", error);
        return body;
    }

    /** Google's error model, with its messages ErrorInfo and RetryInfo as details. */
    private static JsonObject gemini(Decision.Refused refused, int status) {
        JsonObject metadata = new JsonObject();
        addWhatRefused(metadata, refused);
        metadata.remove("reason");
        JsonObject info = new JsonObject();
        info.addProperty("@type", "type.googleapis.com/google.rpc.ErrorInfo");
        info.addProperty("reason", refused.reason().word().toUpperCase(Locale.ROOT));
        info.addProperty("domain", refused.domain().name());
        info.add("metadata", metadata);
        JsonArray details = new JsonArray();
        details.add(info);
        if (refused.retryMicros() != BucketStatus.NEVER) {
            JsonObject retry = new JsonObject();
            retry.addProperty("@type", "type.googleapis.com/google.rpc.RetryInfo");
            retry.addProperty("retryDelay", Variables.seconds(refused.retryMicros()) + "s");
            details.add(retry);
        }
        JsonObject error = new JsonObject();
        error.addProperty("code", status);
        error.addProperty("message", refused.sentence());
        error.addProperty("status", ErrorCategory.of(refused.reason()).word(Answers.Errors.GEMINI));
        error.add("details", details);
        JsonObject body = new JsonObject();
        body.add("error", error);
        return body;
    }

    private static boolean isAboutMaxTokens(Decision.Refused refused) {
        LimitStatus by = refused.by();
        return switch (refused.reason()) {
            case UNREADABLE_MAX_TOKENS -> true;
            case NEVER_FITS -> by != null && by.limit().allow().measure() == Measure.TOKENS;
            default -> false;
        };
    }

    /** Returns OpenAI's word for a reason where it has one, and Weir's otherwise. */
    private static String code(RefusalReason reason) {
        return reason == RefusalReason.OVER_LIMIT ? "rate_limit_exceeded" : reason.word();
    }

    private static void addWhatRefused(JsonObject error, Decision.Refused refused) {
        error.addProperty("reason", refused.reason().word());
        LimitStatus by = refused.by();
        if (by != null) {
            error.addProperty("limit", by.limit().name());
            error.addProperty("tier", by.limit().tier().word());
            String comment = by.limit().wording().comment();
            if (comment != null) {
                error.addProperty("comment", comment);
            }
        }
        error.addProperty("policy", refused.domain().version());
    }
}

package dev.weir.envoy.answer;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.decide.Variables;
import dev.weir.measure.Measure;
import dev.weir.policy.Answers;
import dev.weir.policy.Template;

/**
 * The body of a refusal: what the limit's template makes, or an error in the form that the domain's clients read. Besides what those know,
 * the error holds the reason, the limit, its tier and comment, and the version of the policy.
 */
record ErrorBody(String contentType, String text) {
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    static ErrorBody of(Decision.Refused refused) {
        LimitStatus told = refused.told();
        Template template = told == null ? null : told.limit().wording().body();
        return told == null || template == null
                ? new ErrorBody(JSON, error(refused).toString())
                : filled(template, refused, told);
    }

    /** Fills a template: as JSON where it begins like JSON, so that no value can break out of its string. */
    private static ErrorBody filled(Template template, Decision.Refused refused, LimitStatus told) {
        String start = template.texts().get(0).stripLeading();
        boolean json = start.startsWith("{") || start.startsWith("[");
        String text = template.fill(variable -> {
            String value = Variables.of(variable, refused, told);
            return json ? escaped(value) : value;
        });
        return new ErrorBody(json ? JSON : TEXT, text);
    }

    private static String escaped(String value) {
        String quoted = new JsonPrimitive(value).toString();
        return quoted.substring(1, quoted.length() - 1);
    }

    private static JsonObject error(Decision.Refused refused) {
        Answers.Errors errors = refused.domain().settings().answers().errors();
        JsonObject error = new JsonObject();
        error.addProperty("message", refused.sentence());
        error.addProperty("type", ErrorCategory.of(refused.reason()).type(errors));
        if (errors == Answers.Errors.OPENAI) {
            error.addProperty("param", isAboutMaxTokens(refused) ? "max_tokens" : null);
            error.addProperty("code", code(refused.reason()));
        }
        addWhatRefused(error, refused);
        JsonObject body = new JsonObject();
        if (errors == Answers.Errors.ANTHROPIC) {
            body.addProperty("type", "error");
        }
        body.add("error", error);
        return body;
    }

    private static boolean isAboutMaxTokens(Decision.Refused refused) {
        LimitStatus told = refused.told();
        return switch (refused.reason()) {
            case UNREADABLE_MAX_TOKENS -> true;
            case NEVER_FITS -> told != null && told.limit().allow().measure() == Measure.TOKENS;
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

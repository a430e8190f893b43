package dev.weir.envoy.answer;

import dev.weir.decide.RefusalReason;
import dev.weir.policy.Answers;

/** Says whose doing a refusal is, which a client goes by when it considers trying again. */
enum ErrorCategory {
    /** Too much comes now; the same request may be admitted later. */
    RATE("rate_limit_error", "rate_limit_error"),
    /** The request as it stands is never admitted. */
    REQUEST("invalid_request_error", "invalid_request_error"),
    /** The service has no room for now. */
    SERVICE("server_error", "overloaded_error");

    private final String openAiType;
    private final String anthropicType;

    ErrorCategory(String openAiType, String anthropicType) {
        this.openAiType = openAiType;
        this.anthropicType = anthropicType;
    }

    static ErrorCategory of(RefusalReason reason) {
        return switch (reason) {
            case NEVER_FITS, MISSING_ATTRIBUTES, UNREADABLE_MAX_TOKENS -> REQUEST;
            case STORE_FULL -> SERVICE;
            case OVER_LIMIT, OVERLOADED -> RATE;
        };
    }

    /** Returns the {@code type} of such errors, as the providers name it. */
    String type(Answers.Errors errors) {
        return errors == Answers.Errors.ANTHROPIC ? anthropicType : openAiType;
    }
}

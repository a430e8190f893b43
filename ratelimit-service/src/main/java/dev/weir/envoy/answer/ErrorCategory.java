package dev.weir.envoy.answer;

import dev.weir.decide.RefusalReason;
import dev.weir.policy.Answers;

/** Says whose doing a refusal is, which a client goes by when it considers trying again. */
enum ErrorCategory {
    /** Too much comes now; the same request may be admitted later. */
    RATE(429, "rate_limit_error", "rate_limit_error", "RESOURCE_EXHAUSTED"),
    /** The request as it stands is never admitted. */
    REQUEST(400, "invalid_request_error", "invalid_request_error", "INVALID_ARGUMENT"),
    /** The service has no room for now. */
    SERVICE(503, "server_error", "overloaded_error", "UNAVAILABLE");

    private final int status;

    private final String openAiType;
    private final String anthropicType;
    private final String geminiStatus;

    ErrorCategory(int status, String openAiType, String anthropicType, String geminiStatus) {
        this.status = status;
        this.geminiStatus = geminiStatus;
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

    /** Returns the HTTP status that fits. */
    int status() {
        return status;
    }

    /** Returns the providers' word for such errors: their {@code type}, Gemini's {@code status}. */
    String word(Answers.Errors errors) {
        return switch (errors) {
            case OPENAI -> openAiType;
            case ANTHROPIC -> anthropicType;
            case GEMINI -> geminiStatus;
        };
    }
}

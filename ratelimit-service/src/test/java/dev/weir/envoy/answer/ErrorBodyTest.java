package dev.weir.envoy.answer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonParser;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** R4.1: the body says in words, and in the providers' own forms, what refused and what to do. */
class ErrorBodyTest {
    private static final String REQUESTS = "{name: u, tier: user, allow: 20 requests / 1m}";
    private static final String TOKENS = "{name: u, tier: user, allow: 20 tokens / 1m, estimate: 1}";

    @Test
    void anErrorHasOpenAisFormAndBesideItWhatRefused() {
        Domain domain = domain("openai", "{name: u, tier: user, allow: 20 requests / 1m, comment: Ask.}");

        ErrorBody body = ErrorBody.of(refused(domain, RefusalReason.OVER_LIMIT, true, "Too \"much\"."), 429);

        assertEquals("application/json", body.contentType());
        assertEquals(
                "{\"error\":{\"message\":\"Too \\\"much\\\".\",\"type\":\"rate_limit_error\",\"param\":null,"
                        + "\"code\":\"rate_limit_exceeded\",\"reason\":\"over_limit\",\"limit\":\"u\",\"tier\":\"user\","
                        + "\"comment\":\"Ask.\",\"policy\":\"" + domain.version() + "\"},\"object\":\"error\","
                        + "\"message\":\"Too \\\"much\\\".\",\"type\":\"rate_limit_error\",\"param\":null,"
                        + "\"code\":\"rate_limit_exceeded\"}",
                body.text());
    }

    @Test
    void anErrorHasAnthropicsFormAndBesideItWhatRefused() {
        Domain domain = domain("anthropic", REQUESTS);

        assertEquals(
                "{\"type\":\"error\",\"error\":{\"message\":\"No.\",\"type\":\"rate_limit_error\","
                        + "\"reason\":\"over_limit\",\"limit\":\"u\",\"tier\":\"user\",\"policy\":\"" + domain.version()
                        + "\"}}",
                ErrorBody.of(refused(domain, RefusalReason.OVER_LIMIT, true, "No."), 429)
                        .text());
    }

    @Test
    void anErrorHasGooglesFormAndInItsDetailsWhatRefusedAndWhenToTryAgain() {
        Domain domain = domain("gemini", REQUESTS);

        assertEquals(
                "{\"error\":{\"code\":429,\"message\":\"No.\",\"status\":\"RESOURCE_EXHAUSTED\",\"details\":["
                        + "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"reason\":\"OVER_LIMIT\",\"domain\":\"llm\","
                        + "\"metadata\":{\"limit\":\"u\",\"tier\":\"user\",\"policy\":\"" + domain.version() + "\"}},"
                        + "{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"1s\"}]}}",
                ErrorBody.of(refused(domain, RefusalReason.OVER_LIMIT, true, "No."), 429)
                        .text());
    }

    @Test
    void whereWaitingDoesNotHelpGooglesFormHasNoDelay() {
        String body = ErrorBody.of(refused(domain("gemini", REQUESTS), RefusalReason.NEVER_FITS, true, "No."), 400)
                .text();

        assertEquals("400", member(body, "code"));
        assertEquals("INVALID_ARGUMENT", member(body, "status"));
        assertFalse(body.contains("RetryInfo"), body);
    }

    @Test
    void whereNoLimitRefusedNoneIsNamed() {
        Domain domain = domain("openai", REQUESTS);

        assertEquals(
                "{\"error\":{\"message\":\"No user.\",\"type\":\"invalid_request_error\",\"param\":null,"
                        + "\"code\":\"missing_attributes\",\"reason\":\"missing_attributes\",\"policy\":\""
                        + domain.version() + "\"},\"object\":\"error\",\"message\":\"No user.\","
                        + "\"type\":\"invalid_request_error\",\"param\":null,\"code\":\"missing_attributes\"}",
                ErrorBody.of(refused(domain, RefusalReason.MISSING_ATTRIBUTES, false, "No user."), 429)
                        .text());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "OVER_LIMIT, true, rate_limit_error, rate_limit_exceeded, -, rate_limit_error",
                "NEVER_FITS, true, invalid_request_error, never_fits, max_tokens, invalid_request_error",
                "UNREADABLE_MAX_TOKENS, false, invalid_request_error, unreadable_max_tokens, max_tokens, invalid_request_error",
                "STORE_FULL, false, server_error, store_full, -, overloaded_error",
                "OVERLOADED, false, rate_limit_error, overloaded, -, rate_limit_error"
            })
    void theTypeSaysWhoseFaultItIs(
            RefusalReason reason, boolean byLimit, String type, String code, @Nullable String param, String anthropic) {
        String openAi = ErrorBody.of(refused(domain("openai", TOKENS), reason, byLimit, "No."), 429)
                .text();

        assertEquals(type, member(openAi, "type"));
        assertEquals(code, member(openAi, "code"));
        assertEquals(param, member(openAi, "param"));
        assertEquals(
                anthropic,
                member(
                        ErrorBody.of(refused(domain("anthropic", TOKENS), reason, byLimit, "No."), 429)
                                .text(),
                        "type"));
    }

    @Test
    void whatNeverFitsALimitOnRequestsIsNotAboutMaxTokens() {
        assertEquals(
                null,
                member(
                        ErrorBody.of(refused(domain("openai", REQUESTS), RefusalReason.NEVER_FITS, true, "No."), 429)
                                .text(),
                        "param"));
    }

    @Test
    void aTemplateOfJsonKeepsItsValuesInsideTheirStrings() {
        ErrorBody body =
                ErrorBody.of(refused(domain("openai", """
                        {name: u, tier: user, allow: 20 requests / 1m, comment: "a \\"b\\" \\\\ c\\nd",
                         answer: {body: ' {"why": "{message} {comment}", "used": {used}}'}}"""), RefusalReason.OVER_LIMIT, true, "Say \"no\"."), 429);

        assertEquals("application/json", body.contentType());
        assertEquals(
                "Say \"no\". a \"b\" \\ c\nd",
                JsonParser.parseString(body.text()).getAsJsonObject().get("why").getAsString());
        assertEquals(
                20,
                JsonParser.parseString(body.text())
                        .getAsJsonObject()
                        .get("used")
                        .getAsInt());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[\"{message}\"] | [\"Say \\\"no\\\".\"] | application/json",
                "Sorry: {message} | Sorry: Say \"no\". | text/plain; charset=utf-8",
                "{message} | Say \"no\". | text/plain; charset=utf-8"
            })
    void aTemplateTakesThePlaceOfTheBody(String template, String text, String contentType) {
        Domain domain = domain(
                "openai", "{name: u, tier: user, allow: 20 requests / 1m, answer: {body: '%s'}}".formatted(template));

        assertEquals(
                new ErrorBody(contentType, text),
                ErrorBody.of(refused(domain, RefusalReason.OVER_LIMIT, true, "Say \"no\"."), 429));
    }

    private static @Nullable String member(String body, String name) {
        var member = JsonParser.parseString(body)
                .getAsJsonObject()
                .getAsJsonObject("error")
                .get(name);
        return member == null || member.isJsonNull() ? null : member.getAsString();
    }

    private static Domain domain(String errors, String limit) {
        return Policies.domain("domain: llm\nanswers: {errors: %s}\nlimits:\n  - %s\n".formatted(errors, limit));
    }

    private static Decision.Refused refused(Domain domain, RefusalReason reason, boolean byLimit, String sentence) {
        long retry = reason == RefusalReason.OVER_LIMIT ? 1 : BucketStatus.NEVER;
        LimitStatus by = new LimitStatus(domain.limits().get(0), 0, 1, new BucketStatus(20, 1, retry));
        return byLimit
                ? new Decision.Refused(domain, reason, by, List.of(by), List.of(), retry, sentence)
                : new Decision.Refused(domain, reason, null, List.of(), List.of(), retry, sentence);
    }
}

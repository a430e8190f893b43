package dev.weir.envoy.authz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.envoy.Checks;
import dev.weir.identity.Caller;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes beyond those of API keys are told, and defended, like them. */
class CallerAnswersTest {
    private final CallerAnswers answers = new CallerAnswers(Set.of("cost_center"));

    @Test
    void anAttributeOfAnyKindOfIdentityReachesEnvoyAndTheUpstream() {
        CheckResponse answer = answers.known(new Caller(Map.of("key", "k1", "cost_center", "7")));

        assertEquals(
                "7", answer.getDynamicMetadata().getFieldsOrThrow("cost_center").getStringValue());
        assertEquals(
                List.of("x-weir-key=k1", "x-weir-cost-center=7"),
                answer.getOkResponse().getHeadersList().stream()
                        .map(header -> header.getHeader().getKey() + "="
                                + header.getHeader().getValue())
                        .toList());
    }

    @Test
    void aHeaderOfAnAttributeThatACallerLacksIsRemoved() {
        CheckResponse answer = answers.known(new Caller(Map.of("key", "k1")));

        assertTrue(answer.getOkResponse().getHeadersToRemoveList().contains("x-weir-cost-center"));
        assertFalse(answer.getDynamicMetadata().containsFields("cost_center"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"path", "method", "host", "remote_address", "prompt_bytes", "reservation", "reservation_domain"})
    void anAttributeCannotTakeTheNameOfSomethingElse(String name) {
        assertThrows(IllegalArgumentException.class, () -> new CallerAnswers(Set.of(name)));
    }

    @Test
    void aHeaderThatAnUpstreamMayTakeForOneOfOursIsRemoved() {
        CheckResponse known = answers.known(new Caller(Map.of("key", "k1", "cost_center", "7")));

        CheckResponse answer = answers.withoutForgedHeaders(
                known,
                Checks.post("/")
                        .header("x_weir.cost-center", "8")
                        .read()
                        .getAttributes()
                        .getRequest()
                        .getHttp());

        assertTrue(answer.getOkResponse().getHeadersToRemoveList().contains("x_weir.cost-center"));
        assertFalse(answer.getOkResponse().getHeadersToRemoveList().contains("x-weir-cost-center"));
    }
}

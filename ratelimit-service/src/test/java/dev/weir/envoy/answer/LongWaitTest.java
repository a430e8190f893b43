package dev.weir.envoy.answer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Domain;
import dev.weir.policy.Policies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A token bucket owes all of what is settled, so a wait may be as long as a number can say. */
class LongWaitTest {
    @Test
    void noWaitIsBelowNothing() {
        Domain domain = Policies.domain(
                "domain: llm\nlimits: [{name: a, tier: user, allow: 20 tokens / 1m, algorithm: token_bucket, estimate: 1}]\n");
        LimitStatus by =
                new LimitStatus(domain.limits().get(0), 0, 1, new BucketStatus(20, Long.MAX_VALUE, Long.MAX_VALUE));
        Decision.Refused refused = new Decision.Refused(
                domain, RefusalReason.OVER_LIMIT, by, List.of(by), List.of(), Long.MAX_VALUE, "No.");

        RefusalAnswer.of(refused).headers().stream()
                .filter(header -> header.getKey().startsWith("retry-after"))
                .forEach(header -> assertTrue(Long.parseLong(header.getValue()) > 0, header.toString()));
    }
}

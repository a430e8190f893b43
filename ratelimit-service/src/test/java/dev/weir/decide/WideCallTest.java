package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A call is decided on a thread that others wait for, so how much it may ask for is bounded. */
class WideCallTest {
    private static final String FOUR_LIMITS = """
            - {name: a, tier: user, per: [user], allow: 5 requests / 1m}
            - {name: b, tier: user, per: [user], allow: 5 requests / 2m}
            - {name: c, tier: user, per: [user], allow: 5 requests / 3m}
            - {name: everybody, tier: global, per: [], allow: 5000 requests / 1m}
            """;

    @TempDir
    private Path folder;

    @Test
    void aThousandDescriptorsThatMeetFourLimitsEachAreDecided() throws Exception {
        TestDecider decider = new TestDecider(folder, FOUR_LIMITS);
        Decision.Allowed allowed = decider.allowed(users(1_000));
        assertEquals(3_001, allowed.standings().size());
        assertEquals(1, decider.used("a", Attributes.of("user", "u999")));
        assertEquals(1, decider.used("everybody", Attributes.NONE), "a bucket that many reach is charged once");
    }

    @Test
    void aCallThatMeetsMoreLimitsIsInvalidAndNotCharged() throws Exception {
        TestDecider decider =
                new TestDecider(folder, FOUR_LIMITS + "- {name: d, tier: user, per: [user], allow: 5 requests / 4m}\n");
        Decision.Invalid invalid = assertInstanceOf(Decision.Invalid.class, decider.decide(users(1_000)));
        assertEquals(Decision.Invalid.Kind.TOO_MANY_LIMITS, invalid.kind());
        assertTrue(invalid.problem().contains("4000"), invalid.problem());
        assertEquals(0, decider.used("a", Attributes.of("user", "u0")));
    }

    private static Descriptor[] users(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Descriptor(i, Attributes.of("user", "u" + i), 1, null))
                .toArray(Descriptor[]::new);
    }
}

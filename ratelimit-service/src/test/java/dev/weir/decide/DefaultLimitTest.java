package dev.weir.decide;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R1.1: a modest default for keys without a limit of their own. */
class DefaultLimitTest {
    private static final String DEFAULT =
            "- {name: any, tier: key, per: [key], default: true, allow: 5 requests / 1m}\n";

    @TempDir
    Path folder = Path.of("");

    @Test
    void itBindsWhereNoOtherLimitOfItsTierAndMeasureDoes() throws Exception {
        TestDecider decider = new TestDecider(
                folder,
                DEFAULT + "- {name: big, tier: key, per: [key], when: {key: [a, b]}, allow: 100 requests / 1m}\n");

        assertEquals(List.of("big"), TestDecider.names(decider.allowed(key("a"))));
        assertEquals(List.of("any"), TestDecider.names(decider.allowed(key("c"))));
    }

    @Test
    void limitsOfOtherTiersAndMeasuresLeaveItAlone() throws Exception {
        TestDecider decider = new TestDecider(folder, DEFAULT + """
                - {name: everybody, tier: global, allow: 100 requests / 1m}
                - {name: parallel, tier: key, per: [key], allow: 5 parallel}
                """);

        assertEquals(List.of("any", "parallel", "everybody"), TestDecider.names(decider.allowed(key("a"))));
    }

    @Test
    void aLimitInShadowDoesNotTakeItsPlace() throws Exception {
        TestDecider decider = new TestDecider(
                folder, DEFAULT + "- {name: big, tier: key, per: [key], mode: shadow, allow: 100 requests / 1m}\n");

        Decision.Allowed allowed = decider.allowed(key("a"));

        assertEquals(List.of("any"), TestDecider.names(allowed));
        assertEquals("big", allowed.shadows().get(0).limit().name());
    }

    @Test
    void anUnlimitedLimitTakesItsPlace() throws Exception {
        TestDecider decider = new TestDecider(
                folder,
                DEFAULT + "- {name: vip, tier: key, per: [key], when: {key: vip}, allow: unlimited requests}\n");

        for (int i = 0; i < 6; i++) {
            assertEquals(List.of(), TestDecider.names(decider.allowed(key("vip"))));
        }
    }

    @Test
    void severalDefaultsBindTogether() throws Exception {
        TestDecider decider = new TestDecider(
                folder, DEFAULT + "- {name: daily, tier: key, per: [key], default: true, allow: 50 requests / 1d}\n");

        assertEquals(List.of("any", "daily"), TestDecider.names(decider.allowed(key("a"))));
    }

    @Test
    void eachDescriptorIsLookedAtByItself() throws Exception {
        TestDecider decider = new TestDecider(
                folder, DEFAULT + "- {name: big, tier: key, per: [key], when: {key: a}, allow: 100 requests / 1m}\n");

        Descriptor second = new Descriptor(1, Attributes.of("key", "c"), 1, null);
        assertEquals(List.of("any", "big"), TestDecider.names(decider.allowed(key("a"), second)));
    }

    private static Descriptor key(String key) {
        return new Descriptor(Attributes.of("key", key), 1);
    }
}

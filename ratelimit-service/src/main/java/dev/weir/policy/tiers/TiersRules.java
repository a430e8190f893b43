package dev.weir.policy.tiers;

import dev.weir.config.Rule;
import java.util.List;

/** The rules that a tiers file must keep, and the notes on one that does. */
public final class TiersRules {
    static final Rule TIERS = Rule.error(
            "tiers",
            "A policy with `rate_limits` limits something, says one thing about each window, and has rates that come to whole numbers"
                    + " in it.");
    static final Rule NO_EFFECT = Rule.warning(
            "no-effect",
            "A section says how limits count that there are none of. Add their amounts under `rate_limits`, or remove the section.");
    static final Rule SCALED_RATE = Rule.info(
            "scaled-rate",
            "`rpm` and `tpm` are amounts per minute. In a window of another length the same rate is another amount, and that is what"
                    + " is counted.");
    static final Rule TRUSTED_HEADER = Rule.info(
            "trusted-header",
            "The policy consents to take an identity from a header. Whoever reaches Envoy can write it, and with it use up another's"
                    + " limits or get out of his own. Better is an identity that ext_authz has verified.");
    static final Rule NOT_YET = Rule.info(
            "not-yet", "The key is known and has no effect in this version. The message says what happens instead.");
    static final Rule ELSEWHERE = Rule.info(
            "elsewhere",
            "What the key asks for is not, or not alone, for the policy to say. The message says what is.");

    private TiersRules() {}

    public static List<Rule> all() {
        return List.of(TIERS, NO_EFFECT, SCALED_RATE, TRUSTED_HEADER, NOT_YET, ELSEWHERE);
    }
}

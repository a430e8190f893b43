package dev.weir.policy.limits;

import dev.weir.config.Rule;
import java.util.List;

/** The rules that a policy must keep. All of them are errors: a policy that breaks one is not used. */
public final class PolicyRules {
    public static final Rule DOMAIN = Rule.error(
            "domain",
            "A domain is what Envoy's ratelimit filter names as `domain`. Its limits may stand in several files, its settings in one of"
                    + " them; it needs at least one limit, because without any everything would pass.");
    public static final Rule NAME = Rule.error(
            "name",
            "A limit's name is a part of its buckets' names, of headers and of metrics, so it is plain text and belongs to one limit of"
                    + " the domain. Whoever changes it starts with empty buckets.");
    public static final Rule TIER = Rule.error(
            "tier",
            "A tier says where a limit stands when several refuse: the first one in the order is named. The order is ip, key,"
                    + " consumer_group, user, team, global, or that of the domain's own `tiers`.");
    public static final Rule ATTRIBUTE = Rule.error(
            "attribute",
            "Attributes are the entries of Envoy's descriptor. Those whose names begin with `weir.` steer Weir and cannot be limited.");
    public static final Rule CONDITION = Rule.error(
            "condition",
            "A condition is a value, a list of values, or `{not: ...}` of these; `*` in a value stands for any characters. One that"
                    + " nothing or everything meets is a mistake.");
    public static final Rule MODE = Rule.error(
            "mode",
            "`mode: shadow` counts and tells whom a limit would refuse, `mode: {enforce: 25%, of: team}` refuses a share of the teams,"
                    + " `mode: enforce` everybody.");
    public static final Rule ALLOWANCE = Rule.error(
            "allowance",
            "`allow` is an amount, a measure and a window: `20 requests / 1m`, `40k tokens / 1 day`, `5 parallel`,"
                    + " `unlimited requests`.");
    public static final Rule MEASURE = Rule.error(
            "measure", "A limit counts requests, tokens or parallel requests. What cannot be counted is not ignored.");
    public static final Rule WINDOW = Rule.error(
            "window",
            "A window is a length from 1s to 31d (30s, 5m, 1h, 1d), or a period of the calendar (1 day, 1 week, 1 month), which needs"
                    + " `algorithm: fixed_window`.");
    public static final Rule ALGORITHM = Rule.error(
            "algorithm",
            "sliding_window (which holds where nothing is said), token_bucket with its `burst`, or fixed_window; figures that could not"
                    + " be counted exactly are refused.");
    public static final Rule LEASE = Rule.error(
            "lease",
            "A slot of a parallel limit is kept for its `lease` beyond the last sign of life of its request: from 1s to 1d, a minute"
                    + " where nothing is said. Envoy's periodic access log entries are the signs of life of long requests.");
    public static final Rule ESTIMATE = Rule.error(
            "estimate",
            "A limit on tokens holds what a request may use until its answer says what it did use. It needs `estimate` for requests that"
                    + " do not say `max_tokens`, or `charge: after`, which holds nothing.");
    public static final Rule ANSWER = Rule.error(
            "answer",
            "What refused callers are told: `answers` of the domain, `comment` and `answer` of a limit. Templates may name {limit},"
                    + " {tier}, {allows}, {measure}, {window}, {used}, {asked}, {remaining}, {retry_after}, {reset}, {reason} and"
                    + " {comment}.");

    private PolicyRules() {}

    public static List<Rule> all() {
        return List.of(
                DOMAIN, NAME, TIER, ATTRIBUTE, CONDITION, MODE, ALLOWANCE, MEASURE, WINDOW, ALGORITHM, LEASE, ESTIMATE,
                ANSWER);
    }
}

package dev.weir.policy.limits;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Estimate;
import org.jspecify.annotations.Nullable;

/** Reads what a limit on tokens holds. */
final class EstimateReader {
    static final String BYTES_PER_TOKEN = "bytes_per_token";

    private EstimateReader() {}

    static Estimate read(YamlMap fields, Allowance allow) {
        boolean after = readAfter(fields.get("charge"), allow);
        return new Estimate(readAmount(fields, allow, after), after, readBytesPerToken(fields, allow, after));
    }

    private static long readBytesPerToken(YamlMap fields, Allowance allow, boolean after) {
        YamlValue value = fields.get(BYTES_PER_TOKEN);
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return Estimate.DEFAULT_BYTES_PER_TOKEN;
        }
        if (allow.measure() != Measure.TOKENS || after) {
            value.problem(
                    PolicyRules.ESTIMATE,
                    after
                            ? "with `charge: after` nothing is held; remove `" + BYTES_PER_TOKEN + "`"
                            : "`" + BYTES_PER_TOKEN + "` belongs to limits on tokens; remove it");
            return Estimate.DEFAULT_BYTES_PER_TOKEN;
        }
        if (text.equals("none")) {
            return Estimate.NOT_HELD;
        }
        long bytes = AllowanceReader.amount(text);
        if (bytes < 1) {
            value.problem(
                    PolicyRules.ESTIMATE,
                    "`" + text
                            + "` is no number of bytes; write for example 4, or `none` where prompts are not to be held");
        }
        return bytes;
    }

    private static boolean readAfter(@Nullable YamlValue value, Allowance allow) {
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return false;
        }
        if (!text.equals("after")) {
            value.problem(
                    PolicyRules.ESTIMATE,
                    "`" + text + "` is no way to charge; write `after`, or remove it to hold an estimate");
        } else if (allow.measure() != Measure.TOKENS) {
            value.problem(PolicyRules.ESTIMATE, "only tokens can be charged after the request; remove it");
        }
        return text.equals("after");
    }

    private static long readAmount(YamlMap fields, Allowance allow, boolean after) {
        YamlValue value = fields.get("estimate");
        if (value != null && after) {
            value.problem(PolicyRules.ESTIMATE, "with `charge: after` nothing is held; remove the estimate");
            return 0;
        }
        if (value == null) {
            if (allow.measure() == Measure.TOKENS && !after && !allow.unlimited()) {
                fields.problem(
                        PolicyRules.ESTIMATE,
                        "a limit on tokens needs an estimate for requests without `max_tokens`;"
                                + " add for example `estimate: 1k`, or `charge: after`");
            }
            return 0;
        }
        if (allow.measure() != Measure.TOKENS) {
            value.problem(PolicyRules.ESTIMATE, "an estimate belongs to limits on tokens; remove it");
            return 0;
        }
        String text = value.asText();
        long estimate = text == null ? 0 : AllowanceReader.amount(text);
        if (estimate < 0) {
            value.problem(PolicyRules.ESTIMATE, "`" + text + "` is not an amount; write for example 500, 1k or 4M");
        } else if (estimate > allow.amount()) {
            value.problem(
                    PolicyRules.ESTIMATE,
                    "an estimate above the limit refuses every request without `max_tokens`; lower it to at most "
                            + allow.amount());
        }
        return estimate;
    }
}

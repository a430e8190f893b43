package dev.weir.policy.limits;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.Limit;
import dev.weir.policy.Window;
import java.util.Optional;

/** Reads {@code lease}: how long a slot is kept without a sign of life of its request. */
final class LeaseReader {
    private static final long LONGEST_MICROS = 86_400_000_000L;

    private LeaseReader() {}

    /** Reads the lease in microseconds; {@link Limit#LEASE_MICROS} where nothing is written, or after adding a problem. */
    static long read(YamlMap fields, Allowance allow) {
        YamlValue value = fields.get("lease");
        String text = value == null ? null : value.asText();
        if (value == null || text == null) {
            return Limit.LEASE_MICROS;
        }
        if (allow.unlimited() || allow.measure() != Measure.PARALLEL) {
            value.problem(PolicyRules.LEASE, "only parallel limits have slots to lease; remove `lease`");
            return Limit.LEASE_MICROS;
        }
        Optional<Long> micros = Window.parse(text)
                .filter(Window.Length.class::isInstance)
                .map(length -> ((Window.Length) length).micros())
                .filter(length -> length <= LONGEST_MICROS);
        if (micros.isEmpty()) {
            value.problem(
                    PolicyRules.LEASE, "`" + text + "` is not a time from 1s to 1d; write for example `lease: 1m`");
        }
        return micros.orElse(Limit.LEASE_MICROS);
    }
}

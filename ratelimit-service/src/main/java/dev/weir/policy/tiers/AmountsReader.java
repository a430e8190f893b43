package dev.weir.policy.tiers;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Periods;
import dev.weir.config.Problem;
import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.measure.Measure;
import dev.weir.policy.Allowance;
import dev.weir.policy.BucketNames;
import dev.weir.policy.Estimate;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Scope;
import dev.weir.policy.Source;
import dev.weir.policy.Window;
import dev.weir.policy.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the amounts of one subject, {@code per_user} and its like, as native limits. */
final class AmountsReader {
    /** The tokens that a request without {@code max_tokens} holds, unless its limit allows fewer. */
    static final long ESTIMATE = 1_000;

    private static final String RPM = "rpm";
    private static final String TPM = "tpm";
    private static final String PARALLEL = "max_parallel_requests";
    private static final List<String> KEYS = List.of(RPM, TPM, PARALLEL);

    private final String domain;
    private final List<Problem> notes;
    private final List<Limit> limits = new ArrayList<>();

    AmountsReader(String domain, List<Problem> notes) {
        this.domain = domain;
        this.notes = notes;
    }

    /** Returns the limits read so far, in the order of evaluation if their subjects were read in it. */
    List<Limit> limits() {
        return List.copyOf(limits);
    }

    void read(YamlMap amounts, Subject subject, Counting counting) {
        amounts.rejectUnknown(KEYS, Map.of());
        if (amounts.values().isEmpty()) {
            amounts.problem(TiersRules.TIERS, "this limits nothing; add for example `rpm: 20`, or remove it");
        }
        readRate(amounts, RPM, Measure.REQUESTS, subject, counting);
        readRate(amounts, TPM, Measure.TOKENS, subject, counting);
        YamlValue parallel = amounts.get(PARALLEL);
        OptionalLong most = WholeNumber.read(amounts, PARALLEL, 1, Allowance.MAX_AMOUNT);
        if (parallel != null && most.isPresent()) {
            Allowance allow = new Allowance(most.getAsLong(), Measure.PARALLEL, new Window.None());
            add(parallel, subject, allow, new Algorithm.Parallel(allow.amount(), Limit.LEASE_MICROS));
        }
    }

    private void readRate(YamlMap amounts, String key, Measure measure, Subject subject, Counting counting) {
        YamlValue value = amounts.get(key);
        OptionalLong perMinute = WholeNumber.read(amounts, key, 1, Allowance.MAX_AMOUNT);
        if (value == null || perMinute.isEmpty()) {
            return;
        }
        long amount = inWindow(perMinute.getAsLong(), counting.seconds());
        Allowance allow = new Allowance(amount, measure, counting.window());
        Algorithm algorithm = amount < 1 ? null : algorithm(allow, counting);
        if (algorithm == null) {
            value.problem(
                    TiersRules.TIERS,
                    "`" + key + ": " + perMinute.getAsLong() + "` cannot be counted exactly in a window of "
                            + allow.window().text() + "; choose another amount, or `window_seconds: 60`");
            return;
        }
        if (counting.seconds() != Counting.A_MINUTE) {
            notes.add(new Problem(
                    value.place(),
                    TiersRules.SCALED_RATE,
                    "`" + key + ": " + perMinute.getAsLong() + "`, which is per minute, is counted as " + allow));
        }
        add(value, subject, allow, algorithm);
    }

    /** Converts a rate per minute to an amount per window; 0 where that is no whole number, or too large a one. */
    private static long inWindow(long perMinute, long seconds) {
        boolean tooLarge = perMinute > Allowance.MAX_AMOUNT * Counting.A_MINUTE / seconds;
        return tooLarge || perMinute * seconds % Counting.A_MINUTE != 0 ? 0 : perMinute * seconds / Counting.A_MINUTE;
    }

    /** Makes the algorithm; null where the figures are too large to be counted exactly. */
    private static @Nullable Algorithm algorithm(Allowance allow, Counting counting) {
        long amount = allow.amount();
        long micros = counting.window().micros();
        return switch (counting.strategy()) {
            case SLIDING_WINDOW -> new Algorithm.SlidingWindow(amount, micros);
            case FIXED_WINDOW -> new Algorithm.FixedWindow(amount, new Periods.Every(micros));
            case TOKEN_BUCKET -> {
                Algorithm.TokenBucket refilling = Algorithm.TokenBucket.of(amount, micros, amount);
                yield amount > Allowance.MAX_AMOUNT / refilling.sharesPerUnit() ? null : refilling;
            }
        };
    }

    private void add(YamlValue value, Subject subject, Allowance allow, Algorithm algorithm) {
        String name = subject.word() + "-" + allow.measure().word();
        Estimate estimate = allow.measure() == Measure.TOKENS
                ? new Estimate(Math.min(ESTIMATE, allow.amount()), false)
                : Estimate.NONE;
        limits.add(new Limit(
                name,
                limits.size(),
                subject.tier(),
                new Scope(subject.per(), List.of(), new Mode.Enforced(), false),
                allow,
                estimate,
                algorithm,
                BucketNames.prefix(domain, name, algorithm, subject.per()),
                Wording.NONE,
                new Source(value.place(), Map.of())));
    }
}

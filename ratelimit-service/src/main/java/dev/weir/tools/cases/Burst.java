package dev.weir.tools.cases;

import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares the decisions about the calls of one step with what was expected. Keeps a few of them, not all. */
final class Burst {
    private final int times;
    private final ZoneOffset offset;
    private final Map<String, ShadowTally> shadows = new TreeMap<>();
    private int seen;
    private int allowed;
    private @Nullable ObservedDecision last;
    private @Nullable ObservedDecision lastAllowed;
    private @Nullable ObservedDecision firstRefused;
    private @Nullable ObservedDecision lastRefused;
    private @Nullable ObservedDecision firstOther;

    /**
     * @param times the number of decisions to come
     * @param offset the one in which times are written
     */
    Burst(int times, ZoneOffset offset) {
        this.times = times;
        this.offset = offset;
    }

    /** Adds the next decision. */
    void add(Decision decision, long micros, @Nullable Expectation expected) {
        ObservedDecision now = new ObservedDecision(++seen, micros, decision);
        last = now;
        if (expected != null) {
            for (String limit : expected.shadow().keySet()) {
                shadows.computeIfAbsent(limit, ShadowTally::new).add(now);
            }
        }
        if (decision instanceof Decision.Allowed) {
            allowed++;
            lastAllowed = now;
            return;
        }
        firstRefused = firstRefused == null ? now : firstRefused;
        lastRefused = now;
        if (firstOther == null && expected != null && !isOf(decision, expected)) {
            firstOther = now;
        }
    }

    private static boolean isOf(Decision decision, Expectation expected) {
        if (!(decision instanceof Decision.Refused refused)) {
            return false;
        }
        LimitStatus by = refused.by();
        return (expected.reason() == null || expected.reason() == refused.reason())
                && (expected.by() == null
                        || (by != null && expected.by().equals(by.limit().name())))
                && (expected.tier() == null
                        || (by != null
                                && expected.tier().equals(by.limit().tier().word())));
    }

    /** Returns the first mismatch, in this order: the outcomes, what refused, what would have in shadow, the wait, what is left. */
    Optional<Failure> failure(Expectation expected) {
        if (allowed != expected.allowed()) {
            ObservedDecision odd = allowed < expected.allowed() ? firstRefused : lastAllowed;
            return failure(expected, expected.outcome() + ", " + outcome(odd), odd);
        }
        if (firstOther != null) {
            return failure(expected, expected.outcome() + ", " + outcome(firstOther), firstOther);
        }
        return wrongShadow(expected).or(() -> wrongRetry(expected)).or(() -> wrongRemaining(expected));
    }

    private String outcome(@Nullable ObservedDecision odd) {
        if (odd == null || times == 1) {
            return odd == null ? "nothing was sent" : "was " + odd.words();
        }
        return allowed + " were allowed and " + (times - allowed) + " refused; send " + odd.number() + " was "
                + odd.words();
    }

    private Optional<Failure> wrongShadow(Expectation expected) {
        for (Map.Entry<String, ShadowTally> shadow : shadows.entrySet()) {
            int count = expected.shadow().getOrDefault(shadow.getKey(), 0);
            ShadowTally tally = shadow.getValue();
            if (tally.isOther(count)) {
                return failure(expected, tally.words(count), tally.odd(count));
            }
        }
        return Optional.empty();
    }

    private Optional<Failure> wrongRetry(Expectation expected) {
        if (expected.retrySeconds() == null
                || lastRefused == null
                || !(lastRefused.decision() instanceof Decision.Refused refused)
                || expected.retrySeconds() == seconds(refused.retryMicros())) {
            return Optional.empty();
        }
        String was = retry(seconds(refused.retryMicros()));
        return failure(expected, "retry_after " + retry(expected.retrySeconds()) + ", was " + was, lastRefused);
    }

    private static String retry(long seconds) {
        return seconds == BucketStatus.NEVER ? "never" : seconds + "s";
    }

    private static long seconds(long micros) {
        return micros == BucketStatus.NEVER ? BucketStatus.NEVER : Variables.seconds(micros);
    }

    private Optional<Failure> wrongRemaining(Expectation expected) {
        List<String> wrong = new ArrayList<>();
        new TreeMap<>(expected.remaining()).forEach((limit, amount) -> {
            Long left = last == null ? null : last.left(limit);
            if (!amount.equals(left)) {
                wrong.add(limit + " with " + amount + " left, " + (left == null ? "it was not asked" : "has " + left));
            }
        });
        return wrong.isEmpty() ? Optional.empty() : failure(expected, String.join("; ", wrong), last);
    }

    private Optional<Failure> failure(Expectation expected, String what, @Nullable ObservedDecision at) {
        String when = at == null ? "" : " (at " + time(at.micros()) + ")";
        List<String> limits = at == null ? List.of() : at.limits();
        return Optional.of(new Failure(expected.place(), "expected " + what + when, limits));
    }

    private String time(long micros) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atOffset(offset));
    }
}

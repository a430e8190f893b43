package dev.weir.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether every request ends while Weir still knows what it holds. */
final class DurationCheck {
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    private final Policy policy;
    private final Problems problems;

    DurationCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            boolean held = chain.calls().stream()
                    .anyMatch(call -> !Held.by(policy.domain(call.domain())).nothing());
            Block manager = chain.manager();
            if (held && manager != null) {
                Block options = manager.block("common_http_protocol_options");
                Duration ofAll = options == null ? null : options.duration("max_stream_duration");
                chain.routes().forEach(route -> checkRoute(route, ofAll));
            }
        }
    }

    private void checkRoute(Block route, @Nullable Duration ofAll) {
        Block own = route.block("max_stream_duration");
        Duration ofRoute = own == null ? null : own.duration("max_stream_duration");
        Duration timeout = route.has("timeout") ? route.duration("timeout") : DEFAULT_TIMEOUT;
        boolean bounded = isBound(timeout) || isBound(ofRoute == null ? ofAll : ofRoute);
        if (!bounded) {
            problems.add(route.problem(
                    "timeout",
                    EnvoyRules.STREAM_DURATION,
                    "a request may take longer here than the " + Limit.RESERVATION.toMinutes()
                            + " minutes for which Weir keeps its reservation; set `timeout`, or `max_stream_duration`, to at most "
                            + Limit.RESERVATION.toSeconds() + "s"));
        }
    }

    /** 0 means for ever. */
    private static boolean isBound(@Nullable Duration duration) {
        return duration != null && !duration.isZero() && duration.compareTo(Limit.RESERVATION) <= 0;
    }
}

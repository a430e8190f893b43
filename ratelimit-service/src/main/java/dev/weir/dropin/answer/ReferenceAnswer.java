package dev.weir.dropin.answer;

import com.google.protobuf.Duration;
import dev.weir.decide.Decision;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.Variables;
import dev.weir.envoy.answer.LimitParts;
import dev.weir.envoy.answer.RateHeaders;
import dev.weir.envoy.ratelimit.RateLimitCall;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.Code;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.DescriptorStatus;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse.RateLimit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions of a domain in the descriptors dialect as envoyproxy/ratelimit does: a status for each descriptor by its own limit,
 * and besides only what the settings ask for. A refusal has neither a body nor a Retry-After of its own.
 */
public final class ReferenceAnswer {
    private static final long NO_LIMIT = 0xffff_ffffL;
    private static final DescriptorStatus OK =
            DescriptorStatus.newBuilder().setCode(Code.OK).build();
    private static final DescriptorStatus OVER_LIMIT =
            DescriptorStatus.newBuilder().setCode(Code.OVER_LIMIT).build();
    private static final DescriptorStatus UNLIMITED = DescriptorStatus.newBuilder()
            .setCode(Code.OK)
            .setLimitRemaining((int) NO_LIMIT)
            .build();

    private ReferenceAnswer() {}

    /** Writes what a domain in the dialect has decided, as it stands on the wire. */
    public static byte[] write(Decision decision, RateLimitCall asked) {
        return of(decision, asked).toByteArray();
    }

    static RateLimitResponse of(Decision decision, RateLimitCall asked) {
        Descriptors rules = Objects.requireNonNull(decision.domain().descriptors(), "a domain in the dialect");
        boolean refused = decision instanceof Decision.Refused;
        @Nullable LimitStatus[] standings = byDescriptor(decision, asked.descriptors());
        RateLimitResponse.Builder response =
                RateLimitResponse.newBuilder().setOverallCode(refused ? Code.OVER_LIMIT : Code.OK);
        boolean byLimit = !decision.standings().isEmpty();
        for (LimitStatus standing : standings) {
            response.addStatuses(standing != null ? status(standing, rules) : refused && !byLimit ? OVER_LIMIT : OK);
        }
        DescriptorSettings.Headers headers = rules.settings().headers();
        if (headers != null) {
            addHeaders(response, headers, standings, rules);
        }
        if (rules.settings().metadata()) {
            response.setDynamicMetadata(ReferenceMetadata.of(asked.message(), standings, rules));
        }
        return response.build();
    }

    private static @Nullable LimitStatus[] byDescriptor(Decision decision, int descriptors) {
        @Nullable LimitStatus[] standings = new LimitStatus[descriptors];
        decision.standings().forEach(standing -> standings[standing.descriptor()] = standing);
        decision.shadows().forEach(standing -> standings[standing.descriptor()] = standing);
        return standings;
    }

    private static DescriptorStatus status(LimitStatus standing, Descriptors rules) {
        Limit limit = standing.limit();
        if (limit.allow().unlimited()) {
            return UNLIMITED;
        }
        return DescriptorStatus.newBuilder()
                .setCode(isOver(standing) ? Code.OVER_LIMIT : Code.OK)
                .setCurrentLimit(RateLimit.newBuilder()
                        .setName(rules.leaf(limit).name())
                        .setRequestsPerUnit((int) limit.allow().amount())
                        .setUnit(LimitParts.unit(limit.allow().window())))
                .setLimitRemaining((int) standing.remaining())
                .setDurationUntilReset(Duration.newBuilder()
                        .setSeconds(Variables.seconds(standing.level().resetMicros())))
                .build();
    }

    /** Returns whether the status says that the limit is exceeded: in shadow mode it never does. */
    static boolean isOver(LimitStatus standing) {
        return standing.level().refuses() && !(standing.limit().scope().mode() instanceof Mode.Shadow);
    }

    /** Adds the headers of the last limit that refuses or, where none does, of the first that has least left. */
    private static void addHeaders(
            RateLimitResponse.Builder response,
            DescriptorSettings.Headers names,
            @Nullable LimitStatus[] standings,
            Descriptors rules) {
        LimitStatus shown = null;
        long least = NO_LIMIT;
        for (LimitStatus standing : standings) {
            if (standing == null || standing.limit().allow().unlimited()) {
                continue;
            }
            boolean refuses = isOver(standing) && !rules.isQuota(standing.limit());
            if (refuses || standing.remaining() < least) {
                shown = standing;
                least = refuses ? 0 : standing.remaining();
            }
        }
        if (shown != null) {
            long reset = Variables.seconds(shown.level().resetMicros());
            response.addResponseHeadersToAdd(RateHeaders.header(
                            names.limit(), Long.toString(shown.limit().most())))
                    .addResponseHeadersToAdd(RateHeaders.header(names.remaining(), Long.toString(shown.remaining())))
                    .addResponseHeadersToAdd(RateHeaders.header(names.reset(), Long.toString(reset)));
        }
    }
}

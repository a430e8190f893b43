package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import dev.weir.measure.Measure;
import dev.weir.request.Attributes;
import dev.weir.request.LimitOverride;
import java.util.ArrayList;
import java.util.List;

/** Makes limits of a domain from those that descriptors bring along. */
public final class LimitOverrides {
    /** The name of such a limit in answers and records. */
    public static final String NAME = "override";

    private LimitOverrides() {}

    /**
     * Makes a sliding window for these very attributes, except for what clients say about tokens. The amount is not a part of the
     * bucket's name, so it may change from one call to the next.
     *
     * @param tier where it stands, after the policy's own limits
     */
    public static Limit of(Domain domain, Tier tier, LimitOverride own, Attributes attributes) {
        List<String> per = new ArrayList<>(attributes.toMap().keySet());
        per.removeIf(Attributes::isAboutTokens);
        Window window = new Window.Length(own.window(), own.windowMicros());
        Algorithm algorithm = new Algorithm.SlidingWindow(own.requests(), own.windowMicros());
        return new Limit(
                NAME,
                domain.limits().size(),
                tier,
                Scope.of(per),
                new Allowance(own.requests(), Measure.REQUESTS, window),
                Estimate.NONE,
                algorithm,
                BucketNames.ownPrefix(domain.name(), algorithm, per),
                Wording.NONE,
                Source.NONE);
    }
}

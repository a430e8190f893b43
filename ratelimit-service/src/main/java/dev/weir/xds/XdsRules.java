package dev.weir.xds;

import dev.weir.config.Rule;
import java.util.List;

/** The rules that a management server must keep to. */
public final class XdsRules {
    public static final Rule RESOURCE = Rule.error(
            "xds-resource",
            "A management server sends resources of the type ratelimit.config.ratelimit.v3.RateLimitConfig, one for each domain. Of a"
                    + " response with anything else nothing is used, and the server is told why.");
    public static final Rule SERVER = Rule.error(
            "xds-server",
            "The management server cannot be asked with these settings, or sends what cannot be received. The last good policy stays.");

    private XdsRules() {}

    public static List<Rule> all() {
        return List.of(RESOURCE, SERVER);
    }
}

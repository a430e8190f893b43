package dev.weir.tools.lint;

import dev.weir.config.Problem;
import dev.weir.config.Rule;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Source;
import java.util.Map;

/**
 * A finding of lint, with the source that may ignore it.
 *
 * @param source the source of the limit, or of the domain where it concerns no single limit
 */
record Finding(Source source, Rule rule, String message) {
    static Finding of(Limit limit, Rule rule, String message) {
        return new Finding(limit.source(), rule, "limit `" + limit.name() + "` " + message);
    }

    static Finding of(Domain domain, Rule rule, String message) {
        return new Finding(domain.source(), rule, "domain `" + domain.name() + "` " + message);
    }

    /** Makes a finding of what the policy's reader found. */
    static Finding of(Problem note) {
        return new Finding(new Source(note.place(), Map.of()), note.rule(), note.message());
    }

    Problem problem() {
        return new Problem(source.place(), rule, message);
    }
}

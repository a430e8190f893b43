package dev.weir.tools.cases;

import dev.weir.config.Location;
import java.util.List;

/**
 * What went another way than expected.
 *
 * @param place of the expectation
 * @param message what was expected, and what was
 * @param limits where each limit stood that the request came to, a line for each
 */
public record Failure(Location place, String message, List<String> limits) {
    public Failure {
        limits = List.copyOf(limits);
    }
}

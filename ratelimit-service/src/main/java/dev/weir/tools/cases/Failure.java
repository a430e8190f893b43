package dev.weir.tools.cases;

import dev.weir.config.Location;
import java.util.List;

/**
 * A deviation from what was expected.
 *
 * @param place the place of the expectation, or of a step that has nothing to end
 * @param message what was expected, and what was
 * @param limits a line for each limit that the request came to, with what was used of it
 */
public record Failure(Location place, String message, List<String> limits) {
    public Failure {
        limits = List.copyOf(limits);
    }
}

package dev.weir.tools.cases;

import java.time.OffsetDateTime;
import java.util.List;

/**
 * Traffic over time and what is expected of it. It begins with empty buckets.
 *
 * @param name unique in its file
 * @param start when it begins; times are written in its offset
 */
public record Case(String name, OffsetDateTime start, List<Step> steps) {
    public Case {
        steps = List.copyOf(steps);
    }
}

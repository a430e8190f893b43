package dev.weir.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects all problems of a reading, so that a person learns of them at once and not one by one. Of more than 1,000 it keeps
 * the first 1,000, one that stands for the others, and their number.
 */
public final class Problems {
    private static final int MOST = 1_000;

    private final List<Problem> found = new ArrayList<>();
    private @Nullable Problem beyond;
    private int more;

    public void add(Problem problem) {
        if (found.size() < MOST) {
            found.add(problem);
        } else if (beyond == null) {
            beyond = problem;
        } else {
            more++;
            beyond = problem.isError() && !beyond.isError() ? problem : beyond;
        }
    }

    public void addAll(List<Problem> problems) {
        problems.forEach(this::add);
    }

    public List<Problem> inOrder() {
        List<Problem> sorted = new ArrayList<>(found);
        if (beyond != null) {
            String others = more == 0 ? "" : " (and %,d more problems)".formatted(more);
            sorted.add(new Problem(beyond.place(), beyond.rule(), beyond.message() + others));
        }
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }

    public boolean hasErrors() {
        return inOrder().stream().anyMatch(Problem::isError);
    }

    /** @throws ConfigException with everything that was found, if any of it is an error */
    public void throwIfErrors() throws ConfigException {
        if (hasErrors()) {
            throw new ConfigException(inOrder());
        }
    }
}

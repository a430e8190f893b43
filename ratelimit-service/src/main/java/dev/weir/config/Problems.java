package dev.weir.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Collects all problems of a reading, so that a person learns of them at once and not one by one. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public List<Problem> inOrder() {
        List<Problem> sorted = new ArrayList<>(found);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }

    /** @throws ConfigException if anything was found */
    public void throwIfAny() throws ConfigException {
        if (!found.isEmpty()) {
            throw new ConfigException(inOrder());
        }
    }
}

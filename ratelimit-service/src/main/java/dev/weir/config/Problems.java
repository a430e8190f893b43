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

    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    public List<Problem> inOrder() {
        List<Problem> sorted = new ArrayList<>(found);
        Collections.sort(sorted);
        return List.copyOf(sorted);
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(Problem::isError);
    }

    /** @throws ConfigException with everything that was found, if any of it is an error */
    public void throwIfErrors() throws ConfigException {
        if (hasErrors()) {
            throw new ConfigException(inOrder());
        }
    }
}

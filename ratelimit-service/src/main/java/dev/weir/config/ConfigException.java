package dev.weir.config;

import java.util.List;
import java.util.stream.Collectors;

/** A file that cannot be used, with everything that is wrong in it. The message has one problem a line. */
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }

    /**
     * Tells whether a file could not be read as a file, so that trying again may help: it is missing or empty, it may not be read, the
     * system has no descriptor left. Otherwise all that is wrong is in its text.
     */
    public boolean isUnreadable() {
        return problems.stream().anyMatch(problem -> problem.rule().equals(YamlRules.FILE));
    }
}

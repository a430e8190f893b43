package dev.weir.dropin.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Writes what those who set the variables should know, one line each. */
final class Notes {
    /** The values of an ignored variable that need no note, since whoever sets them misses nothing. */
    private static final Set<String> OFF = Set.of("", "0", "f", "F", "false", "FALSE", "False");

    private Notes() {}

    static List<String> of(Environment environment) {
        List<String> notes = new ArrayList<>();
        if (environment.text(Variable.REDIS_URL, "").isEmpty()) {
            notes.add("REDIS_URL is not set: the buckets are in memory, which serves a single replica");
        }
        for (Variable variable : Variable.ignored()) {
            if (!OFF.contains(environment.text(variable, ""))) {
                notes.add(variable + " has no effect: " + variable.instead());
            }
        }
        return List.copyOf(notes);
    }
}

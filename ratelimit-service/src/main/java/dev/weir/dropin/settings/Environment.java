package dev.weir.dropin.settings;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Rule;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads variables by their kind and gathers what is wrong with them. One that is set but empty counts as set, as in the reference. */
final class Environment {
    private static final Rule RULE =
            Rule.error("environment", "A variable has the form that envoyproxy/ratelimit gives it.");

    private final Map<String, String> variables;
    private final Problems problems = new Problems();

    Environment(Map<String, String> variables) {
        this.variables = variables;
    }

    /** @throws ConfigException with all that is wrong */
    void throwIfProblems() throws ConfigException {
        problems.throwIfErrors();
    }

    /** @param message what is wrong, and what to write; it names no secret */
    void problem(Variable variable, String message) {
        problems.add(new Problem(variable.name(), RULE, message));
    }

    boolean isSet(Variable variable) {
        return variables.containsKey(variable.name());
    }

    String text(Variable variable, String otherwise) {
        return variables.getOrDefault(variable.name(), otherwise);
    }

    boolean flag(Variable variable, boolean otherwise) {
        return read(variable, otherwise, GoText::flag);
    }

    Map<String, String> map(Variable variable) {
        try {
            return GoText.map(text(variable, ""));
        } catch (IllegalArgumentException e) {
            // Its values may be secrets.
            problem(variable, "is no map; " + e.getMessage());
            return Map.of();
        }
    }

    int number(Variable variable, int otherwise, int least, int most) {
        return read(variable, otherwise, text -> {
            long number = GoText.integer(text);
            if (number < least || number > most) {
                throw new IllegalArgumentException("write a number from " + least + " to " + most);
            }
            return (int) number;
        });
    }

    /** Reads a number from 0 to 1. */
    double share(Variable variable, double otherwise) {
        return read(variable, otherwise, text -> {
            double number = GoText.decimal(text);
            if (!(number >= 0 && number <= 1)) {
                throw new IllegalArgumentException("write a number from 0 to 1, such as 0.8");
            }
            return number;
        });
    }

    /** Reads a duration that is not negative. */
    Duration duration(Variable variable, Duration otherwise) {
        return read(variable, otherwise, text -> {
            Duration duration = GoText.duration(text);
            if (duration.isNegative()) {
                throw new IllegalArgumentException("write one that is not negative");
            }
            return duration;
        });
    }

    /** Reads one of some words, in upper or lower case; the first is meant where it is not set. */
    String word(Variable variable, String... words) {
        return read(variable, words[0], text -> {
            for (String word : words) {
                if (word.equalsIgnoreCase(text)) {
                    return word;
                }
            }
            throw new IllegalArgumentException("write " + String.join(" or ", words));
        });
    }

    /** Reads the path of an existing file; null where none is named. */
    @Nullable
    Path file(Variable variable) {
        String text = text(variable, "");
        if (text.isEmpty()) {
            return null;
        }
        Path path = path(variable, text);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            problem(variable, "is `" + text + "`, and that is no file that can be read; write the path of one");
        }
        return path;
    }

    Path path(Variable variable, String otherwise) {
        String text = text(variable, otherwise);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            problem(variable, "is no path of a file");
            return Path.of("");
        }
    }

    /** Refuses one of two variables that make sense only together. */
    void together(Variable one, @Nullable Object first, Variable other, @Nullable Object second) {
        if (first == null && second != null) {
            problem(one, "is not set, and " + other + " is; set both or none");
        } else if (first != null && second == null) {
            problem(other, "is not set, and " + one + " is; set both or none");
        }
    }

    InetSocketAddress address(Variable host, Variable port, int otherwise) {
        return address(host, text(host, "0.0.0.0"), number(port, otherwise, 0, 0xffff));
    }

    /** @param name empty means all addresses */
    InetSocketAddress address(Variable variable, String name, int port) {
        InetSocketAddress address = name.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(name, port);
        if (address.isUnresolved()) {
            problem(
                    variable,
                    "is `" + text(variable, name) + "`, a host that cannot be resolved; write another, or 0.0.0.0");
        }
        return address;
    }

    private <T> T read(Variable variable, T otherwise, Function<String, T> reader) {
        String text = variables.get(variable.name());
        if (text == null) {
            return otherwise;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            problem(variable, "is `" + text + "`; " + e.getMessage());
            return otherwise;
        }
    }
}

package dev.weir.tools.migrate;

import dev.weir.policy.LimitOverrides;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Gives limits names that a policy may have, each once. The same policy gets the same names again. */
final class LimitNames {
    private static final int LONGEST = 60;

    private final Set<String> taken = new HashSet<>(Set.of(LimitOverrides.NAME));

    /** Makes a name of what the file calls the limit, else of what leads to it. */
    String of(Route route) {
        String called = route.leaf().name();
        return next(
                called.isEmpty()
                        ? route.levels().stream().map(LimitNames::words).collect(Collectors.joining("."))
                        : called);
    }

    private static String words(Level level) {
        return level.isAny()
                ? level.key()
                : level.key() + "-" + level.node().value().replace("*", "any");
    }

    String next(String wish) {
        String legal = wish.replaceAll("[^A-Za-z0-9._-]+", "-")
                .replaceAll("-{2,}", "-")
                .replaceAll("^[._-]+|[._-]+$", "");
        String base = legal.isEmpty() ? "limit" : legal.substring(0, Math.min(LONGEST, legal.length()));
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }
}

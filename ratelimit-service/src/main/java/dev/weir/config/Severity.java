package dev.weir.config;

import java.util.Locale;

/** How much a problem matters. */
public enum Severity {
    /** The file is not used. */
    ERROR,
    /** The file is used, but probably does not mean what its writer meant. */
    WARNING,
    /** Worth knowing. */
    INFO;

    /** As it is printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

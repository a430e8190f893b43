package dev.weir.config;

import java.util.Locale;

/** The weight of a problem. */
public enum Severity {
    /** The file is not used. */
    ERROR,
    /** The file is used, but probably does not mean what its writer meant. */
    WARNING,
    /** The file is used, and this is worth knowing. */
    INFO;

    /** Returns it as it is printed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.weir.config;

/**
 * A kind of problem.
 *
 * @param name the name that is printed and that a writer suppresses it by, such as {@code unknown-key}
 * @param why what goes wrong where the rule is broken, and what to do, for those who ask
 */
public record Rule(String name, Severity severity, String why) {
    public static Rule error(String name, String why) {
        return new Rule(name, Severity.ERROR, why);
    }

    public static Rule warning(String name, String why) {
        return new Rule(name, Severity.WARNING, why);
    }

    public static Rule info(String name, String why) {
        return new Rule(name, Severity.INFO, why);
    }
}

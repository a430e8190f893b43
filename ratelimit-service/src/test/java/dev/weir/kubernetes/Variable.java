package dev.weir.kubernetes;

import dev.weir.cli.ServeCommand;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * An environment variable that {@code weir serve} reads. From the annotations: what picocli's model answers is filled in already.
 *
 * @param option that takes the same values
 * @param otherwise what stands for it if it is not set; empty where nothing does
 */
record Variable(String option, String otherwise) {
    private static final Pattern NAMED = Pattern.compile("\\$\\{env:([A-Z_]+)(?::-(.*))?}");

    /** All of them, by name. */
    static Map<String, Variable> all() {
        Map<String, Variable> all = new TreeMap<>();
        addAll(ServeCommand.class, all);
        return all;
    }

    private static void addAll(Class<?> options, Map<String, Variable> all) {
        for (Field field : options.getDeclaredFields()) {
            if (field.isAnnotationPresent(Mixin.class)) {
                addAll(field.getType(), all);
            }
            Option option = field.getAnnotation(Option.class);
            Matcher named = NAMED.matcher(option == null ? "" : option.defaultValue());
            if (named.matches()) {
                String otherwise = named.group(2) == null ? "" : named.group(2);
                all.put(named.group(1), new Variable(option.names()[0], otherwise));
            }
        }
    }
}

package dev.weir.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places to be filled in, such as <code>Try again in {retry_after} s.</code> Other braces, as JSON has them, stand for
 * themselves.
 *
 * @param texts the texts before, between and after the variables; one more than these
 */
public record Template(List<String> texts, List<String> variables) {
    /** The variables that a template may name. */
    public static final List<String> VARIABLES = List.of(
            "limit",
            "tier",
            "allows",
            "measure",
            "window",
            "used",
            "asked",
            "remaining",
            "retry_after",
            "reset",
            "reason",
            "comment",
            "message");

    private static final Pattern VARIABLE = Pattern.compile("\\{([a-z_]+)\\}");

    public Template {
        texts = List.copyOf(texts);
        variables = List.copyOf(variables);
    }

    /** Reads a template; the names of its variables are not checked. */
    public static Template of(String text) {
        List<String> texts = new ArrayList<>();
        List<String> variables = new ArrayList<>();
        Matcher matcher = VARIABLE.matcher(text);
        int at = 0;
        while (matcher.find()) {
            texts.add(text.substring(at, matcher.start()));
            variables.add(matcher.group(1));
            at = matcher.end();
        }
        texts.add(text.substring(at));
        return new Template(texts, variables);
    }

    /** @param values the text for each variable */
    public String fill(UnaryOperator<String> values) {
        StringBuilder filled = new StringBuilder(texts.get(0));
        for (int i = 0; i < variables.size(); i++) {
            filled.append(values.apply(variables.get(i))).append(texts.get(i + 1));
        }
        return filled.toString();
    }
}

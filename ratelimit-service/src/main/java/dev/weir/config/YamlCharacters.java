package dev.weir.config;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refuses what can be seen without parsing and what a parser would report badly: tabs, control characters, directives. */
final class YamlCharacters {
    private static final Pattern NO_SPACE = Pattern.compile("^ *([\\p{Zs}&&[^ ]])", Pattern.MULTILINE);
    private static final Pattern TAB = Pattern.compile("^ *(\t)[ \t]*[^ \t\n]", Pattern.MULTILINE);
    private static final Pattern WRITTEN = Pattern.compile("^(?! *(?:#|$)).", Pattern.MULTILINE);

    private final YamlSource source;
    private final Problems problems;

    YamlCharacters(YamlSource source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** Returns whether the text may be parsed; adds a problem where it may not. */
    boolean check() {
        OptionalInt unreadable = firstUnreadable();
        if (unreadable.isPresent()) {
            int offset = unreadable.getAsInt();
            refuse(offset, "the character U+%04X cannot stand here; remove it".formatted((int)
                            source.text().charAt(offset)));
            return false;
        }
        return !found(TAB, "a tab stands in the indentation; use spaces")
                && !found(
                        NO_SPACE,
                        "the indentation has a space of another kind, such as a no-break space; use ordinary ones")
                && !startsWithDirective();
    }

    /** Finds the first of the control characters and byte order marks, which nobody sees. */
    private OptionalInt firstUnreadable() {
        String text = source.text();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
            if (control || c == '\ufeff' || c == '\ufffe' || c == '\uffff') {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    private boolean found(Pattern pattern, String message) {
        Matcher matcher = pattern.matcher(source.text());
        boolean found = matcher.find();
        if (found) {
            refuse(matcher.start(1), message);
        }
        return found;
    }

    private boolean startsWithDirective() {
        Matcher matcher = WRITTEN.matcher(source.text());
        boolean directive = matcher.find() && source.text().charAt(matcher.start()) == '%';
        if (directive) {
            refuse(matcher.start(), YamlTree.DIRECTIVE);
        }
        return directive;
    }

    private void refuse(int offset, String message) {
        problems.add(new Problem(source.place(offset), YamlRules.SYNTAX, message));
    }
}

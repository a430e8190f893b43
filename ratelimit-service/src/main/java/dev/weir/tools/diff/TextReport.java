package dev.weir.tools.diff;

import dev.weir.request.Attributes;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Tells people what differs. */
public final class TextReport {
    private TextReport() {}

    public static void write(PolicyDiff.Result result, PrintStream out) {
        for (PolicyDiff.Kind kind : result.kinds()) {
            out.println(kind.count() + " x " + legible(kind.before() + " -> " + kind.after()));
            for (PolicyDiff.Example example : kind.examples()) {
                out.println("  request " + example.number() + ": "
                        + legible(example.asked().toJson().toString()));
                if (example.asked().request().descriptors().size() == 1) {
                    out.println("    " + legible(check(example.asked())));
                }
            }
        }
        out.println(result.requests() + " requests: " + result.allowed() + " allowed by both, " + result.refused()
                + " refused by both, " + (result.invalid() == 0 ? "" : result.invalid() + " invalid for both, ")
                + result.differences() + " decided differently");
    }

    /** Returns the command that asks a service the same. */
    private static String check(TimedRequest asked) {
        Attributes attributes = asked.request().descriptors().get(0).attributes();
        List<String> words = new ArrayList<>();
        words.add("weir check --hits " + asked.request().descriptors().get(0).hits());
        words.add(quoted(asked.request().domain()));
        for (int i = 0; i < attributes.size(); i++) {
            words.add(quoted(attributes.name(i) + "=" + attributes.value(i)));
        }
        return String.join(" ", words);
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    private static String legible(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (Character.isISOControl(c) || surrogate || c == 0x2028 || c == 0x2029) {
                line.append(String.format("\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}

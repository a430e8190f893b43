package dev.weir.cli;

import dev.weir.config.Problem;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Help.Ansi;

/** Writes what people see, in colours only on a terminal, and not with {@code NO_COLOR}. */
final class Terminal {
    private Terminal() {}

    /** Returns a buffered stream; whoever writes flushes it. */
    static PrintStream stdout() {
        return new PrintStream(System.out, false, StandardCharsets.UTF_8);
    }

    static String line(Problem problem) {
        String style = switch (problem.rule().severity()) {
            case ERROR -> "red,bold";
            case WARNING -> "yellow";
            case INFO -> "cyan";
        };
        String text = problem.toString();
        String word = problem.rule().severity().word();
        int at = problem.place().toString().length() + 2;
        return text.substring(0, at) + coloured(word, style) + text.substring(at + word.length());
    }

    /** @param word one of ours: markup in it would be taken for colours */
    static String coloured(String word, String style) {
        return Ansi.AUTO.string("@|" + style + " " + word + "|@");
    }

    /** Writes columns as wide as what stands in them, and the last one as it is. */
    static void table(PrintStream out, List<List<String>> rows) {
        int[] widths = new int[rows.isEmpty() ? 0 : rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i));
                line.append(" "
                        .repeat(
                                i == widths.length - 1
                                        ? 0
                                        : widths[i] - row.get(i).length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}

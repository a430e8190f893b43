package dev.weir.xds;

import dev.weir.config.Problem;
import dev.weir.text.PrintableText;
import java.util.List;
import java.util.stream.Collectors;

/** Shortens what a server sent, and brings it into one line, to send it back and to log it. */
final class PrintableReply {
    static final int MOST_PROBLEMS = 20;
    private static final int MOST_CHARACTERS = 300;
    private static final int MOST_CHARACTERS_OF_PROBLEM = 1_000;

    private PrintableReply() {}

    static String text(String sent) {
        return new Problem("", XdsRules.RESOURCE, shortened(sent, MOST_CHARACTERS)).oneLine();
    }

    static String problem(Problem problem) {
        return shortened(problem.toString(), MOST_CHARACTERS_OF_PROBLEM);
    }

    /** Writes one a line, only the first of them where there are many. */
    static String problems(List<Problem> problems) {
        String first = problems.stream()
                .limit(MOST_PROBLEMS)
                .map(PrintableReply::problem)
                .collect(Collectors.joining("\n"));
        int more = problems.size() - MOST_PROBLEMS;
        return more > 0 ? first + "\nand " + more + " more" : first;
    }

    private static String shortened(String text, int most) {
        return text.length() <= most ? text : PrintableText.start(text, most) + "...";
    }
}

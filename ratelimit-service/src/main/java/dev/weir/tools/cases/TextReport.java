package dev.weir.tools.cases;

import dev.weir.text.PrintableText;
import java.io.PrintStream;
import java.util.Locale;

/** Tells people the results of cases. */
public final class TextReport {
    private TextReport() {}

    public static void write(Results results, PrintStream out) {
        for (Results.OfFile file : results.files()) {
            for (Results.OfCase one : file.cases()) {
                out.println((one.ok() ? "ok  " : "FAILED ") + PrintableText.line(one.name()));
                one.failures().forEach(failure -> write(failure, out));
            }
        }
        for (Results.Idle idle : results.idle()) {
            out.println("not exercised: " + String.join(", ", idle.limits()) + " (domain "
                    + PrintableText.line(idle.domain()) + " of " + PrintableText.line(idle.policy()) + ")");
        }
        out.println(results.cases() + " cases, " + (results.cases() - results.failed()) + " ok, " + results.failed()
                + " failed (in " + String.format(Locale.ROOT, "%.1f", Results.seconds(results.nanos())) + " s)");
    }

    private static void write(Failure failure, PrintStream out) {
        out.println("  " + PrintableText.line(failure.place() + ": " + failure.message()));
        failure.limits().forEach(limit -> out.println("    " + PrintableText.line(limit)));
    }
}

package dev.weir;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where the image begins. Its programs, {@code /bin/weir} and others, are files that name the JVM as their interpreter, which
 * is told as the first argument which of them was called: all but {@code weir} are the command of that name.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) {
        Weir.main(arguments(args));
    }

    /** What the command line would be for {@code java -jar weir.jar}. */
    static String[] arguments(String... args) {
        String program = String.valueOf(Path.of(args[0]).getFileName());
        String[] given = args.clone();
        given[0] = program;
        return program.equals("weir") ? Arrays.copyOfRange(args, 1, args.length) : given;
    }
}

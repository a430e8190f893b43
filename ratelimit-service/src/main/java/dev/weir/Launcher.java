package dev.weir;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * Starts the programs of the image. {@code /bin/weir} and the others are files that name the JVM as their interpreter, and the first
 * argument says which of them was called: all but {@code weir} are the command of that name.
 */
public final class Launcher {
    private Launcher() {}

    public static void main(String[] args) {
        Weir.main(arguments(args));
    }

    /** Returns what the command line would be for {@code java -jar weir.jar}. */
    static String[] arguments(String... args) {
        String program = String.valueOf(Path.of(args[0]).getFileName());
        String[] given = args.clone();
        given[0] = program;
        return program.equals("weir") ? Arrays.copyOfRange(args, 1, args.length) : given;
    }
}

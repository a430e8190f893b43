package dev.weir.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a secret that is alone in its file, on one line. Problems do not quote it. */
public final class SecretFile {
    private SecretFile() {}

    /** Reads the line, without the feeds after it; null after adding a problem. */
    public static @Nullable String read(Path path, Problems problems) {
        String text = TextFile.read(path, problems);
        if (text == null) {
            return null;
        }
        String line = text.replaceFirst("\\n+$", "");
        if (line.isBlank() || line.indexOf('\n') >= 0) {
            String found = line.isBlank() ? "is empty" : "has several lines";
            problems.add(
                    new Problem(path.toString(), YamlRules.FILE, found + "; it must hold one line and nothing else"));
            return null;
        }
        return line;
    }
}

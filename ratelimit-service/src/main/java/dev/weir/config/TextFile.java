package dev.weir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a regular file of UTF-8, of at most 4 MiB. Nothing else is opened, so that a pipe cannot make a reader wait. */
public final class TextFile {
    private static final int MAX_BYTES = 4 << 20;

    private TextFile() {}

    /** Reads the text without a byte order mark, its lines ended by line feeds; null after adding a problem. */
    static @Nullable String read(Path path, Problems problems) {
        return read(path, "split it into several files", problems);
    }

    /**
     * Reads the text without a byte order mark, its lines ended by line feeds; null after adding a problem.
     *
     * @param remedy what to do with a file that is too large
     */
    public static @Nullable String read(Path path, String remedy, Problems problems) {
        try {
            byte[] content = bytes(path, remedy, problems);
            return content == null ? null : decode(path.toString(), content, problems);
        } catch (NoSuchFileException e) {
            boolean broken = Files.isSymbolicLink(path);
            problem(path, problems, broken ? "is a link to a file that does not exist" : "does not exist");
        } catch (AccessDeniedException e) {
            problem(path, problems, "cannot be read: permission denied; let the user that runs Weir read it");
        } catch (IOException e) {
            problem(path, problems, "cannot be read: " + FileFailure.reason(e));
        }
        return null;
    }

    private static byte @Nullable [] bytes(Path path, String remedy, Problems problems) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            problem(path, problems, "is a folder; name a file");
            return null;
        }
        if (!attributes.isRegularFile()) {
            problem(path, problems, "is a pipe or a device; write it to a file, and name that");
            return null;
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                problem(path, problems, "is larger than 4 MiB; " + remedy);
                return null;
            }
            return content;
        }
    }

    private static @Nullable String decode(String file, byte[] content, Problems problems) {
        Optional<String> other = otherEncoding(content);
        if (other.isPresent()) {
            problems.add(new Problem(file, YamlRules.SYNTAX, "is " + other.get() + "; save it as UTF-8"));
            return null;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(content);
        CharBuffer decoded = CharBuffer.allocate(content.length);
        CoderResult result = decoder.decode(bytes, decoded, true);
        String text = plainLines(decoded.flip().toString());
        if (result.isError()) {
            String message =
                    "the byte 0x%02X is not UTF-8; save the file as UTF-8".formatted(content[bytes.position()]);
            problems.add(new Problem(new YamlSource(file, text).place(text.length()), YamlRules.SYNTAX, message));
            return null;
        }
        return text;
    }

    private static String plainLines(String text) {
        String marked = text.startsWith("\ufeff") ? text.substring(1) : text;
        return marked.replace("\r\n", "\n").replace('\r', '\n');
    }

    /** Detects UTF-16 and UTF-32 by the byte order mark, or by the zeros that one or more ASCII characters leave at the start. */
    private static Optional<String> otherEncoding(byte[] content) {
        int start = 0;
        for (int i = 0; i < 4; i++) {
            start = start << 8 | (i < content.length ? content[i] & 0xff : 0xff);
        }
        boolean wide = start == 0x0000feff || start == 0xfffe0000 || start >>> 8 == 0 || (start & 0x00ffffff) == 0;
        if (wide && start != 0) {
            return Optional.of("UTF-32");
        }
        int first = start >>> 16;
        boolean zero = (first >>> 8 == 0) != ((first & 0xff) == 0);
        return zero || first == 0xfeff || first == 0xfffe ? Optional.of("UTF-16") : Optional.empty();
    }

    private static void problem(Path path, Problems problems, String message) {
        problems.add(new Problem(path.toString(), YamlRules.FILE, message));
    }
}

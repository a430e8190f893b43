package dev.weir.policy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** Names a policy after its text, so that replicas, answers and records can be compared. */
public final class Version {
    private static final int DIGITS = 12;

    private Version() {}

    /** Of what the files hold, which have been read before, whatever they are called; one that has gone meanwhile counts as empty. */
    static String of(List<Path> files) {
        return ofTexts(files.stream().map(Version::bytes).toList());
    }

    /** Of texts in their order. */
    public static String ofTexts(List<byte[]> texts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] text : texts) {
                digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, text.length));
                digest.update(text);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
    }
}

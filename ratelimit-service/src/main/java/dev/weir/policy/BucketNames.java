package dev.weir.policy;

import dev.weir.bucket.Algorithm;
import dev.weir.request.Attributes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes names of buckets: {@code w1:{llm}:user-requests:sliding_window/60000000:alice}. A name holds what identifies a bucket
 * (domain, limit, algorithm and window, attribute values) and not the amount, so 20 may become 40 in mid-window. {@code w1} is
 * the version of the format; the braces are Redis Cluster's hash tag, which keeps the buckets of one domain in one slot.
 *
 * <p>Separators inside a part, control characters and bytes that are not UTF-8 are percent-encoded, and so is the percent sign:
 * two different sets of parts never have the same name. A part of more than 128 characters is replaced by its SHA-256.
 */
public final class BucketNames {
    private static final int LONGEST_PART = 128;
    private static final String ESCAPED = "%:{}";

    /** The largest capacity, in chars, at which a thread reuses its buffer; one that a name has grown beyond that is replaced. */
    private static final int LONGEST_KEPT = 1_024;

    private static final ThreadLocal<StringBuilder> SCRATCH =
            ThreadLocal.withInitial(() -> new StringBuilder(LONGEST_KEPT));

    private static final KnownBuckets KNOWN = new KnownBuckets(BucketNames::write);

    private BucketNames() {}

    private static StringBuilder scratch() {
        StringBuilder scratch = SCRATCH.get();
        if (scratch.capacity() > LONGEST_KEPT) {
            scratch = new StringBuilder(LONGEST_KEPT);
            SCRATCH.set(scratch);
        }
        scratch.setLength(0);
        return scratch;
    }

    public static String prefix(String domain, String limit, Algorithm algorithm, List<String> per) {
        StringBuilder name = new StringBuilder("w1:{");
        append(name, domain);
        append(name.append("}:"), limit);
        return prefix(name, algorithm, per);
    }

    /** Returns the prefix for limits that descriptors bring along. No native limit has it, whatever its name: theirs go on with a colon. */
    static String ownPrefix(String domain, Algorithm algorithm, List<String> per) {
        StringBuilder name = new StringBuilder("w1:{");
        append(name, domain);
        return prefix(name.append("}/override"), algorithm, per);
    }

    private static String prefix(StringBuilder name, Algorithm algorithm, List<String> per) {
        append(name.append(':'), algorithm.id());
        for (String attribute : per) {
            append(name.append(':'), attribute);
        }
        return name.toString();
    }

    /** Returns the name of {@code limit}'s bucket for these attributes, which must include all of the limit's {@code per}. */
    public static String of(Limit limit, Attributes attributes) {
        List<String> per = limit.per();
        if (per.isEmpty()) {
            return limit.bucketPrefix();
        }
        if (per.size() == 1) {
            return KNOWN.of(limit.bucketPrefix(), value(limit, per.get(0), attributes));
        }
        StringBuilder name = scratch().append(limit.bucketPrefix());
        for (String attribute : per) {
            append(name.append(':'), value(limit, attribute, attributes));
        }
        return name.toString();
    }

    private static String value(Limit limit, String attribute, Attributes attributes) {
        String value = attributes.get(attribute);
        if (value == null) {
            throw new IllegalArgumentException("no attribute " + attribute + " for limit " + limit.name());
        }
        return value;
    }

    private static String write(String prefix, String value) {
        StringBuilder name = scratch().append(prefix);
        append(name.append(':'), value);
        return name.toString();
    }

    /** Returns the prefix for a limit of the descriptors dialect. No other limit has it: theirs go on with a colon or {@code /override}. */
    public static String countingPrefix(String domain, Algorithm algorithm) {
        StringBuilder name = new StringBuilder("w1:{");
        append(name, domain);
        return prefix(name.append("}/descriptors"), algorithm, List.of());
    }

    /**
     * Returns the name of the bucket of all entries of a descriptor, in their order.
     *
     * @param shared by the positions of the entries, what stands in the name in place of a value; null where the value itself does
     */
    public static String counting(String prefix, Attributes entries, @Nullable String @Nullable [] shared) {
        StringBuilder name = scratch().append(prefix);
        for (int i = 0; i < entries.size(); i++) {
            String instead = shared == null ? null : shared[i];
            append(name.append(':'), entries.name(i));
            append(name.append(':'), instead == null ? entries.value(i) : instead);
        }
        return name.toString();
    }

    /**
     * Returns the name under which an admitted request's reservation is kept until it is settled. No bucket has it, whatever
     * the id: theirs go on with a colon, {@code /override} or {@code /descriptors}.
     */
    public static String reservation(String domain, String id) {
        StringBuilder name = scratch().append("w1:{");
        append(name, domain);
        append(name.append("}/reservation:"), id);
        return name.toString();
    }

    private static void append(StringBuilder name, String part) {
        if (part.length() <= LONGEST_PART) {
            appendEscaped(name, part);
            return;
        }
        // Every bucket keeps its name; a part that somebody made long must not cost more than others.
        StringBuilder escaped = new StringBuilder(part.length());
        appendEscaped(escaped, part);
        name.append("%~").append(sha256(escaped.toString()));
    }

    private static void appendEscaped(StringBuilder name, String part) {
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c > ' ' && c < 0x7f && ESCAPED.indexOf(c) < 0) {
                name.append(c);
            } else {
                i += appendEscaped(name, part, i) - 1;
            }
        }
    }

    /** Appends the character at {@code i} as percent-encoded bytes and returns how many chars it took. */
    private static int appendEscaped(StringBuilder name, String part, int i) {
        int codePoint = part.codePointAt(i);
        if (codePoint >= 0xdc80 && codePoint <= 0xdcff) {
            // Bytes below 0x80 never come this way, so 0xff and the text "%ff" stay apart: the latter begins with %25.
            appendByte(name, codePoint & 0xff);
            return 1;
        }
        for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            appendByte(name, b & 0xff);
        }
        return Character.charCount(codePoint);
    }

    private static String sha256(String ascii) {
        try {
            byte[] text = ascii.getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void appendByte(StringBuilder name, int value) {
        name.append('%').append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
    }
}

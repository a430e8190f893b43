package dev.weir.envoy.answer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a message of protocol buffers as bytes, field after field. Answers are made of parts that are known ahead and a few numbers, for
 * which builders would make a dozen objects each. Belongs to one thread; see the encoding of protocol buffers, "Message Structure".
 */
public final class WireWriter {
    /** The longest buffer that is kept after an answer, in bytes. */
    private static final int LONGEST_KEPT = 4_096;

    private static final ThreadLocal<WireWriter> MINE = ThreadLocal.withInitial(WireWriter::new);

    private byte[] bytes = new byte[512];
    private int end;

    WireWriter() {}

    /** Returns this thread's writer, empty. What is written with it must be taken, by {@link #toBytes}, before anything else is written. */
    public static WireWriter start() {
        WireWriter mine = MINE.get();
        if (mine.bytes.length > LONGEST_KEPT) {
            mine.bytes = new byte[LONGEST_KEPT];
        }
        mine.end = 0;
        return mine;
    }

    /** Returns what was written. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, end);
    }

    /** Writes fields that were encoded before. */
    public void fields(byte[] written) {
        room(written.length);
        System.arraycopy(written, 0, bytes, end, written.length);
        end += written.length;
    }

    /** Writes a field of a number; none where it is 0, which readers then take it for. */
    public void number(int field, long value) {
        if (value != 0) {
            varint(field << 3);
            varint(value);
        }
    }

    /** Writes a field of text. */
    public void text(int field, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(field << 3 | 2);
        varint(utf8.length);
        fields(utf8);
    }

    /** Begins a field that is a message, or a text in parts, and returns what {@link #end} needs. */
    public int begin(int field) {
        varint(field << 3 | 2);
        room(1);
        return ++end;
    }

    /** Ends a field. Most are short, so that their length takes the one byte that was left for it. */
    public void end(int begun) {
        int length = end - begun;
        if (length < 0x80) {
            bytes[begun - 1] = (byte) length;
            return;
        }
        int more = (31 - Integer.numberOfLeadingZeros(length)) / 7;
        room(more);
        System.arraycopy(bytes, begun, bytes, begun + more, length);
        end = begun - 1;
        varint(length);
        end += length;
    }

    /** Writes a number in decimal digits, as a part of a text. */
    public void digits(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("below 0: " + value);
        }
        int count = 1;
        for (long left = value; left > 9; left /= 10) {
            count++;
        }
        room(count);
        end += count;
        long left = value;
        for (int at = end - 1; count > 0; count--) {
            bytes[at--] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }

    private void varint(long value) {
        room(10);
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[end++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[end++] = (byte) left;
    }

    private void room(int more) {
        if (bytes.length - end < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + more));
        }
    }
}

package dev.weir.envoy.ratelimit;

import com.google.protobuf.CodedInputStream;
import dev.weir.envoy.call.WireText;
import dev.weir.request.Attributes;
import java.io.IOException;
import java.util.Arrays;

/**
 * A descriptor as it stands in a call, by the numbers of envoy.extensions.common.ratelimit.v3.RateLimitDescriptor. Its texts are read from
 * the message without an intermediate copy; as in any reader of protocol buffers the last of several values holds, the parts of a message
 * that comes twice are merged, and what is unknown is passed over.
 */
final class WireDescriptor {
    private static final int ENTRY = 1 << 3 | 2;
    private static final int ENTRY_KEY = 1 << 3 | 2;
    private static final int ENTRY_VALUE = 2 << 3 | 2;
    private static final int LIMIT = 2 << 3 | 2;
    private static final int LIMIT_REQUESTS = 1 << 3;
    private static final int LIMIT_UNIT = 2 << 3;
    private static final int HITS = 3 << 3 | 2;
    private static final int HITS_VALUE = 1 << 3;
    private static final int NEGATIVE_HITS = 4 << 3;

    private String[] names = new String[8];
    private String[] values = new String[8];
    private int size;
    private boolean reserved;

    /** True if it has hits of its own, whose number follows; those from 2^63 on are negative. */
    boolean hasHits;

    long hits;
    /** True if the hits are given back. */
    boolean negative;
    /** True if it brings a limit along: so many requests, unsigned, in a unit of envoy.type.v3.RateLimitUnit. */
    boolean hasLimit;

    int limitRequests;
    int limitUnit;

    /** @param in reads {@code message} from its first byte on, and stands before the descriptor's length */
    static WireDescriptor read(CodedInputStream in, byte[] message) throws IOException {
        WireDescriptor read = new WireDescriptor();
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case ENTRY -> read.readEntry(in, message);
                case LIMIT -> read.readLimit(in);
                case HITS -> read.readHits(in);
                case NEGATIVE_HITS -> read.negative = in.readBool();
                default -> skip(in, tag);
            }
        }
        in.popLimit(outer);
        return read;
    }

    private void readEntry(CodedInputStream in, byte[] message) throws IOException {
        String name = "";
        String value = "";
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case ENTRY_KEY -> name = readName(in, message);
                case ENTRY_VALUE -> {
                    int length = skipBytes(in);
                    value = WireText.ofValue(message, in.getTotalBytesRead() - length, length);
                }
                default -> skip(in, tag);
            }
        }
        in.popLimit(outer);
        add(name, value);
    }

    /** Reads a name that stands in Envoy's configuration. */
    static String readName(CodedInputStream in, byte[] message) throws IOException {
        int length = skipBytes(in);
        return WireText.ofName(message, in.getTotalBytesRead() - length, length);
    }

    /** Passes over the value of a field of bytes, and returns how many they are. */
    private static int skipBytes(CodedInputStream in) throws IOException {
        int length = in.readRawVarint32();
        in.skipRawBytes(length);
        return length;
    }

    /** Passes over the value of an unknown field. The end of a group that has not begun is no field, and fails. */
    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            in.checkLastTagWas(0);
        }
    }

    private void add(String name, String value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        reserved |= name.startsWith(Attributes.RESERVED_PREFIX);
        names[size] = name;
        values[size++] = value;
    }

    private void readLimit(CodedInputStream in) throws IOException {
        hasLimit = true;
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case LIMIT_REQUESTS -> limitRequests = in.readUInt32();
                case LIMIT_UNIT -> limitUnit = in.readInt32();
                default -> skip(in, tag);
            }
        }
        in.popLimit(outer);
    }

    private void readHits(CodedInputStream in) throws IOException {
        hasHits = true;
        int outer = in.pushLimit(in.readRawVarint32());
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == HITS_VALUE) {
                hits = in.readUInt64();
            } else {
                skip(in, tag);
            }
        }
        in.popLimit(outer);
    }

    Attributes attributes() {
        return Attributes.of(names, values, size);
    }

    int size() {
        return size;
    }

    /** Tells whether any of its names steers Weir itself. */
    boolean hasReserved() {
        return reserved;
    }
}

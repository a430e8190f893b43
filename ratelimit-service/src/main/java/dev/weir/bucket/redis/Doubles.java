package dev.weir.bucket.redis;

import java.nio.ByteBuffer;

/**
 * Whole numbers as the scripts read and write them: as doubles, which are all that Lua 5.1 knows, one after the other. Exact
 * up to 2^53.
 */
final class Doubles {
    private final byte[] bytes;
    private final ByteBuffer buffer;

    private Doubles(byte[] bytes) {
        this.bytes = bytes;
        this.buffer = ByteBuffer.wrap(bytes);
    }

    static Doubles toWrite(int count) {
        return new Doubles(new byte[count * Double.BYTES]);
    }

    static Doubles toRead(byte[] bytes) {
        return new Doubles(bytes);
    }

    Doubles put(long number) {
        buffer.putDouble((double) number);
        return this;
    }

    long next() {
        return (long) buffer.getDouble();
    }

    byte[] bytes() {
        return bytes;
    }
}

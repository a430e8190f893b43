package dev.weir.envoy.call;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Passes on messages as their bytes on the wire, for those who read and write them themselves. */
public final class WireBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
        return new Message(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            return read(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads a message at once: gRPC has all of it at hand and knows its length; as a stream it would take a buffer of 4 KiB each time. */
    static byte[] read(InputStream stream) throws IOException {
        return stream instanceof KnownLength ? stream.readNBytes(stream.available()) : stream.readAllBytes();
    }

    /** A message that writes itself into gRPC's buffer, instead of being copied through another one of 8 KiB. */
    private static final class Message extends ByteArrayInputStream implements Drainable, KnownLength {
        Message(byte[] message) {
            super(message);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int length = count - pos;
            target.write(buf, pos, length);
            pos = count;
            return length;
        }
    }
}

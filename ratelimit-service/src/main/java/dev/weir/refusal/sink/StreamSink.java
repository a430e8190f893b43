package dev.weir.refusal.sink;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes records as lines of a stream, such as stdout, which is not closed. If the stream fails half-way, a record may appear twice, with
 * half a line before it. A {@code PrintStream} never says that it failed; pass the stream under it.
 */
public final class StreamSink implements RefusalSink {
    private final OutputStream out;
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private boolean torn;

    public StreamSink(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(String record) {
        if (torn && taken.size() == 0) {
            taken.write('\n');
        }
        taken.writeBytes(record.getBytes(StandardCharsets.UTF_8));
        taken.write('\n');
    }

    @Override
    public void flush() throws IOException {
        if (taken.size() == 0) {
            return;
        }
        byte[] lines = taken.toByteArray();
        taken.reset();
        torn = true;
        out.write(lines);
        out.flush();
        torn = false;
    }

    @Override
    public void close() throws IOException {
        flush();
    }
}

package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** R6.3: records on stdout. */
class StreamSinkTest {
    private final Pipe pipe = new Pipe();
    private final StreamSink sink = new StreamSink(pipe);

    @Test
    void linesAreThereAfterAFlushAndTheStreamStaysOpen() throws IOException {
        sink.write("{\"user\":\"äöü\"}");
        assertEquals("", pipe.toString(StandardCharsets.UTF_8));
        sink.flush();
        assertEquals("{\"user\":\"äöü\"}\n", pipe.toString(StandardCharsets.UTF_8));
        sink.write("{}");
        sink.close();
        assertEquals("{\"user\":\"äöü\"}\n{}\n", pipe.toString(StandardCharsets.UTF_8));
        assertFalse(pipe.closed);
    }

    @Test
    void afterAFailureALineBeginsAnew() throws IOException {
        pipe.most = 5;
        sink.write("{11}");
        sink.write("{22}");
        assertThrows(IOException.class, sink::flush);
        pipe.most = Integer.MAX_VALUE;
        sink.write("{11}");
        sink.write("{22}");
        sink.flush();

        assertEquals("{11}\n\n{11}\n{22}\n", pipe.toString(StandardCharsets.UTF_8));
    }

    /** Takes a few bytes, then fails. */
    private static final class Pipe extends ByteArrayOutputStream {
        private int most = Integer.MAX_VALUE;
        private boolean closed;

        @Override
        public void write(byte[] bytes) throws IOException {
            write(bytes, 0, Math.min(most, bytes.length));
            if (bytes.length > most) {
                throw new IOException("Broken pipe");
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}

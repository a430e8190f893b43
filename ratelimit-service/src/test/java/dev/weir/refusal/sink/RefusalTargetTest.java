package dev.weir.refusal.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** R6.3: refusal records stream to a log sink. */
class RefusalTargetTest {
    private static final Rotation ROTATION = Rotation.of(90, 1_000);

    private final ByteArrayOutputStream stdout = new ByteArrayOutputStream();

    @Test
    void aTargetIsOpenedAsTheSinkThatItNames(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("refusals.log");
        writeTo(new RefusalTarget.Stdout());
        writeTo(new RefusalTarget.File(file));

        assertEquals("{}\n", stdout.toString(StandardCharsets.UTF_8));
        assertEquals("{}\n", Files.readString(file));
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 514);
        try (RefusalSink sink = new RefusalTarget.Syslog(address).open(ROTATION, stdout, Clock.systemUTC())) {
            assertInstanceOf(SyslogSink.class, sink);
        }
    }

    @Test
    void oldFilesHaveABoundInAll() {
        assertEquals(new Rotation(90, 1_000, 100_000), ROTATION);
        assertEquals(new Rotation(90, Long.MAX_VALUE, Long.MAX_VALUE), Rotation.of(90, Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> Rotation.of(0, 1_000));
        assertThrows(IllegalArgumentException.class, () -> Rotation.of(90, 0));
    }

    private void writeTo(RefusalTarget target) throws IOException {
        try (RefusalSink sink = target.open(ROTATION, stdout, Clock.systemUTC())) {
            sink.write("{}");
        }
    }
}

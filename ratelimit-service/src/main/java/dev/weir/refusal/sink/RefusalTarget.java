package dev.weir.refusal.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;

/** The place where refusals go, as the command line names it. No target discards them: every refusal is accounted for. */
public sealed interface RefusalTarget {
    /**
     * @param stdout not closed with the sink
     * @throws IOException that says what cannot be written
     */
    RefusalSink open(Rotation rotation, OutputStream stdout, Clock clock) throws IOException;

    record Stdout() implements RefusalTarget {
        @Override
        public RefusalSink open(Rotation rotation, OutputStream stdout, Clock clock) {
            return new StreamSink(stdout);
        }

        @Override
        public String toString() {
            return "stdout";
        }
    }

    record File(Path path) implements RefusalTarget {
        @Override
        public RefusalSink open(Rotation rotation, OutputStream stdout, Clock clock) throws IOException {
            return new FileSink(path, rotation, clock);
        }

        @Override
        public String toString() {
            return "file:" + path;
        }
    }

    record Syslog(InetSocketAddress address) implements RefusalTarget {
        @Override
        public RefusalSink open(Rotation rotation, OutputStream stdout, Clock clock) throws IOException {
            return new SyslogSink(address, clock);
        }

        @Override
        public String toString() {
            return "syslog:" + address.getHostString() + ":" + address.getPort();
        }
    }
}

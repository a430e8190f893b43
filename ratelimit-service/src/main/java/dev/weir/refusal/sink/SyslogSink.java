package dev.weir.refusal.sink;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * Sends each record as a message of RFC 5424 over UDP: facility local0, severity notice, application {@code weir}, message id
 * {@code refusal}. UDP does not tell whether anybody listens. A message has at most the {@value #MOST_BYTES} bytes that the RFC wants every
 * receiver to take; a longer record is cut, see {@link TruncatedRecord}.
 */
public final class SyslogSink implements RefusalSink {
    static final int MOST_BYTES = 2_048;
    private static final int LOCAL0_NOTICE = 16 * 8 + 5;
    private static final int LONGEST_HOST = 255;

    private final InetSocketAddress to;
    private final Clock clock;
    private final DatagramSocket socket;
    private final String sender;

    /** @throws SocketException if the system has no socket to give */
    public SyslogSink(InetSocketAddress to, Clock clock) throws SocketException {
        this.to = to;
        this.clock = clock;
        // Not connected, so that a receiver that is away for a moment is not an error.
        this.socket = new DatagramSocket();
        this.sender = host() + " weir " + ProcessHandle.current().pid() + " refusal - ";
    }

    @Override
    public void write(String record) throws IOException {
        String header = "<" + LOCAL0_NOTICE + ">1 " + clock.instant().truncatedTo(ChronoUnit.MICROS) + " " + sender;
        String message = header + TruncatedRecord.to(MOST_BYTES - header.length(), record);
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        socket.close();
    }

    /** Returns this host's name as printable ASCII without spaces, which is what the header may hold; a dash where it is not known. */
    private static String host() {
        try {
            String name = InetAddress.getLocalHost().getHostName().replaceAll("[^!-~]", "");
            return name.isEmpty() ? "-" : name.substring(0, Math.min(name.length(), LONGEST_HOST));
        } catch (UnknownHostException e) {
            return "-";
        }
    }
}

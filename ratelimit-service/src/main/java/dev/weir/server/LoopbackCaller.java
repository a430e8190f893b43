package dev.weir.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls a gRPC method of a listener on the loopback, several calls at a time, with as little of HTTP/2 as that takes. gRPC's own client
 * would have the JVM load and compile a second half of gRPC and Netty, which nobody needs afterwards. RFC 9113, sections 3.4, 4.1 and 6;
 * RFC 7541, section 6.2.2.
 */
final class LoopbackCaller implements Closeable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int FRAME_HEADER = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    /** The number of bytes before a message, which say whether it is compressed and how long it is. */
    private static final int MESSAGE_HEADER = 5;

    private final Socket socket;
    private final DataInputStream in;
    private final byte[] headers;
    private int nextStream = 1;

    /**
     * Connects.
     *
     * @param method such as {@code package.Service/Method}
     * @param patience how long to wait for an answer
     */
    LoopbackCaller(int port, String method, Duration patience) throws IOException {
        headers = headers(method);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 14));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(PREFACE);
        frame(hello, SETTINGS, 0, 0, new byte[0]);
        // The most that all answers on the connection may take.
        byte[] window =
                ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 0xffff).array();
        frame(hello, WINDOW_UPDATE, 0, 0, window);
        socket.getOutputStream().write(hello.toByteArray());
    }

    /** Writes fields that the other side's table is not to remember, without Huffman's code. */
    private static byte[] headers(String method) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        field(fields, ":method", "POST");
        field(fields, ":scheme", "http");
        field(fields, ":path", "/" + method);
        field(fields, ":authority", "localhost");
        field(fields, "content-type", "application/grpc");
        field(fields, "te", "trailers");
        return fields.toByteArray();
    }

    private static void field(ByteArrayOutputStream fields, String name, String value) {
        fields.write(0);
        text(fields, name);
        text(fields, value);
    }

    /** Writes a text of fewer than 127 bytes, so that its length takes one. */
    private static void text(ByteArrayOutputStream fields, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        fields.write(ascii.length);
        fields.writeBytes(ascii);
    }

    /**
     * Makes calls, all at once.
     *
     * @param messages few and short: together they fit the window that the other side opens at first, and opens again as it reads
     * @return the answers in the order of the messages; null for a call that failed
     */
    List<byte @Nullable []> call(List<byte[]> messages) throws IOException {
        int first = nextStream;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            frame(out, HEADERS, END_HEADERS, nextStream, headers);
            ByteBuffer data = ByteBuffer.allocate(MESSAGE_HEADER + message.length);
            data.put((byte) 0).putInt(message.length).put(message);
            frame(out, DATA, END_STREAM, nextStream, data.array());
            nextStream += 2;
        }
        socket.getOutputStream().write(out.toByteArray());
        List<byte @Nullable []> answers = new ArrayList<>(messages.size());
        messages.forEach(message -> answers.add(null));
        for (int open = messages.size(); open > 0; ) {
            open -= readFrame(first, answers) ? 1 : 0;
        }
        return answers;
    }

    /** Reads a frame and returns whether it ended a stream. */
    private boolean readFrame(int first, List<byte @Nullable []> answers) throws IOException {
        int lengthAndType = in.readInt();
        int type = lengthAndType & 0xff;
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = in.readNBytes(lengthAndType >>> 8);
        if (payload.length < lengthAndType >>> 8) {
            throw new EOFException("the listener has closed the connection");
        }
        switch (type) {
            case DATA -> answers.set((stream - first) / 2, message(payload));
            case SETTINGS, PING -> acknowledge(type, flags, payload);
            default -> {}
        }
        return type == RST_STREAM || ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0);
    }

    private static byte[] message(byte[] payload) {
        return Arrays.copyOfRange(payload, MESSAGE_HEADER, payload.length);
    }

    private void acknowledge(int type, int flags, byte[] payload) throws IOException {
        if ((flags & ACK) == 0) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            frame(out, type, ACK, 0, type == PING ? payload : new byte[0]);
            socket.getOutputStream().write(out.toByteArray());
        }
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(FRAME_HEADER + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

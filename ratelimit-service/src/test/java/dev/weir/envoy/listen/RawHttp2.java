package dev.weir.envoy.listen;

import dev.weir.wire.RateLimitRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One connection of HTTP/2 whose frames a test writes itself, for what no well-behaved client does. */
final class RawHttp2 implements AutoCloseable {
    private static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int SETTINGS = 4;
    private static final int PING = 6;
    static final int GOAWAY = 7;

    private static final int ACK = 1;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int CANCEL = 8;
    private static final int POST = 0x83;
    private static final int HTTP = 0x86;

    private final Socket socket;
    private final DataInputStream in;

    /** @param flags as they stand on the wire */
    record Frame(int type, int flags, ByteBuffer payload) {}

    RawHttp2(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** @param connected in the clear or by TLS */
    RawHttp2(Socket connected) throws IOException {
        this(connected, new byte[0]);
    }

    private RawHttp2(Socket connected, byte[] settings) throws IOException {
        socket = connected;
        in = new DataInputStream(socket.getInputStream());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, settings, out);
        socket.getOutputStream().write(out.toByteArray());
    }

    /** A client that has no room for an answer. */
    static RawHttp2 thatTakesNoAnswer(int port) throws IOException {
        byte[] settings = ByteBuffer.allocate(6)
                .putShort((short) INITIAL_WINDOW_SIZE)
                .putInt(0)
                .array();
        return new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port), settings);
    }

    /** Begins calls and gives each up at once. */
    void beginAndGiveUp(int calls) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int stream = 1; stream < 2 * calls; stream += 2) {
            frame(HEADERS, END_HEADERS, stream, headers(), out);
            frame(RESET, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array(), out);
        }
        socket.getOutputStream().write(out.toByteArray());
    }

    /** Asks, and reads on until the answer is whole. */
    void ask(int stream, RateLimitRequest request) throws IOException {
        begin(stream, request);
        Frame headers = await(HEADERS);
        while ((headers.flags() & END_STREAM) == 0) {
            headers = await(HEADERS);
        }
    }

    /** Asks, and does not wait for the answer. */
    void begin(int stream, RateLimitRequest request) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(HEADERS, END_HEADERS, stream, headers(), out);
        byte[] message = request.toByteArray();
        byte[] framed = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        frame(DATA, END_STREAM, stream, framed, out);
        socket.getOutputStream().write(out.toByteArray());
    }

    /** Returns when the other side has read all that was sent. */
    void ping() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(PING, 0, 0, new byte[8], out);
        socket.getOutputStream().write(out.toByteArray());
        while ((await(PING).flags() & ACK) == 0) {}
    }

    void reset(int stream) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame(RESET, 0, stream, ByteBuffer.allocate(4).putInt(CANCEL).array(), out);
        socket.getOutputStream().write(out.toByteArray());
    }

    private static byte[] headers() {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(POST);
        block.write(HTTP);
        literal(":path", "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", block);
        literal(":authority", "weir", block);
        literal("content-type", "application/grpc", block);
        literal("te", "trailers", block);
        return block.toByteArray();
    }

    private static void literal(String name, String value, ByteArrayOutputStream block) {
        block.write(0);
        for (String text : new String[] {name, value}) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void frame(int type, int flags, int stream, byte[] payload, ByteArrayOutputStream out) {
        out.writeBytes(ByteBuffer.allocate(9)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.writeBytes(payload);
    }

    /** Reads on until a frame of this type comes. */
    Frame await(int type) throws IOException {
        while (true) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            in.readInt();
            byte[] payload = in.readNBytes(lengthAndType >>> 8);
            if ((lengthAndType & 0xff) == type) {
                return new Frame(type, flags, ByteBuffer.wrap(payload));
            }
        }
    }

    /** Reads on until the other side closes. */
    void awaitEnd() throws IOException {
        in.readAllBytes();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

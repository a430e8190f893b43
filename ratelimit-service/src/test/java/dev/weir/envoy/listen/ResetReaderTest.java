package dev.weir.envoy.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weir.envoy.call.ClientConnection;
import dev.weir.envoy.call.Peers;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResetReaderTest {
    private static final int DATA = 0;
    private static final int RST_STREAM = 3;

    private final ClientConnection connection = new ClientConnection(Peers.unwatched(), () -> false);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ResetReader(connection));
    private final ByteBuf sent = Http2CodecUtil.connectionPrefaceBuf().copy();
    private final List<Integer> heard = new ArrayList<>();

    @Test
    void resetsAreFoundHoweverTheBytesAreCut() {
        for (int stream = 1; stream < 400; stream += 2) {
            int number = stream;
            connection.answered().remember(stream, () -> heard.add(number));
            // What looks like a reset within another frame is none.
            frame(DATA, stream, frameOf(RST_STREAM, stream, new byte[4]));
            if (stream % 3 == 0) {
                frame(RST_STREAM, stream, new byte[4]);
            }
        }
        byte[] all = bytes(sent);
        Random random = new Random(1);
        for (int at = 0; at < all.length; ) {
            int length = Math.min(all.length - at, 1 + random.nextInt(random.nextBoolean() ? 3 : 200));
            channel.writeInbound(Unpooled.copiedBuffer(all, at, length));
            at += length;
        }
        List<Integer> expected = new ArrayList<>();
        for (int stream = 3; stream < 400; stream += 6) {
            expected.add(stream);
        }
        assertEquals(expected, heard);
        assertEquals(all.length, passedOn());
    }

    @Test
    void whatIsNoHttp2PassesUnharmed() {
        byte[] junk = new byte[5_000];
        new Random(2).nextBytes(junk);
        channel.writeInbound(Unpooled.copiedBuffer(junk));
        assertEquals(junk.length, passedOn());
    }

    private void frame(int type, int stream, byte[] payload) {
        sent.writeBytes(frameOf(type, stream, payload));
    }

    private static byte[] frameOf(int type, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length)
                .writeByte(type)
                .writeByte(0)
                .writeInt(stream)
                .writeBytes(payload);
        return bytes(frame);
    }

    private static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.readBytes(bytes);
        return bytes;
    }

    private int passedOn() {
        int count = 0;
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            count += part.readableBytes();
            part.release();
        }
        return count;
    }
}

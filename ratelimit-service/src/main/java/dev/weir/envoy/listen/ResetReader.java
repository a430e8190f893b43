package dev.weir.envoy.listen;

import dev.weir.envoy.call.ClientConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameTypes;
import java.util.Arrays;

/**
 * Reads the headers of HTTP/2 frames as they pass, and reports resets. Netty's decoder keeps those of ended streams to itself. Checks and
 * changes nothing: the decoder behind it rejects what is not HTTP/2. RFC 9113, sections 3.4, 4.1 and 6.4.
 */
final class ResetReader extends ChannelInboundHandlerAdapter {
    private static final int PREFACE = Http2CodecUtil.connectionPrefaceBuf().readableBytes();

    private final ClientConnection connection;
    /** Bytes to pass over before the next frame's header. */
    private long skip = PREFACE;
    /** The bytes so far of a header that came in parts, and their number. */
    private final byte[] header = new byte[Http2CodecUtil.FRAME_HEADER_LENGTH];

    private int read;
    private int[] resets = new int[4];
    private int count;

    ResetReader(ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        connection.opened(context.channel().remoteAddress());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        connection.closed(context.channel().remoteAddress());
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            scan(bytes);
        }
        context.fireChannelRead(message);
        // Afterwards: a call and its reset may come together, and the call is known only once it is answered.
        for (int i = 0; i < count; i++) {
            connection.answered().reset(resets[i]);
        }
        count = 0;
    }

    private void scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            int passed = (int) Math.min(skip, end - at);
            at += passed;
            skip -= passed;
            while (skip == 0 && at < end && read < header.length) {
                header[read++] = bytes.getByte(at++);
            }
            if (read == header.length) {
                read = 0;
                skip = frame();
            }
        }
    }

    /** Returns the length of what follows the header. */
    private int frame() {
        if (header[3] == Http2FrameTypes.RST_STREAM) {
            if (count == resets.length) {
                resets = Arrays.copyOf(resets, 2 * count);
            }
            resets[count++] = ((header[5] & 0x7f) << 24)
                    | ((header[6] & 0xff) << 16)
                    | ((header[7] & 0xff) << 8)
                    | (header[8] & 0xff);
        }
        return ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
    }
}

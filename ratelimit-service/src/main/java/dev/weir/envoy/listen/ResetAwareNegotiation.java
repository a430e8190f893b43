package dev.weir.envoy.listen;

import dev.weir.envoy.call.AnsweredStreams;
import dev.weir.envoy.call.ClientConnection;
import dev.weir.envoy.call.CurrentStream;
import dev.weir.envoy.call.Peers;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.InternalProtocolNegotiator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;

/**
 * Makes every connection hear resets of streams that have been answered, see {@link AnsweredStreams}. gRPC-Java has no seam for that but
 * its negotiation of protocols, whose classes are internal to it: they are used here and nowhere else.
 */
final class ResetAwareNegotiation {
    private ResetAwareNegotiation() {}

    /** Returns the same credentials, for connections that hear resets. */
    static ServerCredentials with(ServerCredentials credentials, Peers peers) {
        InternalProtocolNegotiator.ServerFactory factory = InternalNettyServerCredentials.toNegotiator(credentials);
        return InternalNettyServerCredentials.create((InternalProtocolNegotiator.ServerFactory)
                executors -> new Negotiator(factory.newNegotiator(executors), peers));
    }

    private static final class Negotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
        private final InternalProtocolNegotiator.ProtocolNegotiator negotiator;
        private final Peers peers;

        Negotiator(InternalProtocolNegotiator.ProtocolNegotiator negotiator, Peers peers) {
            this.negotiator = negotiator;
            this.peers = peers;
        }

        @Override
        public AsciiString scheme() {
            return negotiator.scheme();
        }

        @Override
        public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
            ClientConnection connection = new ClientConnection(peers, grpc.connection()::goAwaySent);
            grpc.decoder().frameListener(new StreamTeller(grpc.decoder().frameListener(), connection));
            return new Placing(negotiator.newHandler(grpc), connection);
        }

        @Override
        public void close() {
            negotiator.close();
        }
    }

    /** Says which stream is being read. */
    private static final class StreamTeller extends Http2FrameListenerDecorator {
        private final ClientConnection connection;

        StreamTeller(Http2FrameListener grpc, ClientConnection connection) {
            super(grpc);
            this.connection = connection;
        }

        /** Streams of messages begin here. */
        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int stream,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean last)
                throws Http2Exception {
            CurrentStream.set(connection, stream);
            try {
                super.onHeadersRead(context, stream, headers, dependency, weight, exclusive, padding, last);
            } finally {
                CurrentStream.clear();
            }
        }

        /** Single calls begin here, once all of their message is there. */
        @Override
        public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean last)
                throws Http2Exception {
            if (!last) {
                return super.onDataRead(context, stream, data, padding, false);
            }
            CurrentStream.set(connection, stream);
            try {
                return super.onDataRead(context, stream, data, padding, true);
            } finally {
                CurrentStream.clear();
            }
        }
    }

    /** Puts the reader where bytes are in the clear, as soon as the first ones come: by then it is known whether TLS is spoken. */
    private static final class Placing extends ChannelInboundHandlerAdapter {
        private final ChannelHandler negotiation;
        private final ClientConnection connection;

        Placing(ChannelHandler negotiation, ClientConnection connection) {
            this.negotiation = negotiation;
            this.connection = connection;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.pipeline().addAfter(context.name(), null, negotiation);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
            String before = tls == null ? context.name() : tls.name();
            context.pipeline().addAfter(before, null, new ResetReader(connection));
            context.fireChannelRead(message);
            context.pipeline().remove(this);
        }
    }
}

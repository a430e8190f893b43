package dev.weir.admin;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Serves resources over HTTP/1.1, each at a path of its own. One thread reads and writes for all connections and answers the probes itself;
 * it never waits for a client, a store or a page. Other pages are made on threads beside it.
 */
public final class HttpListener {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int MOST_CONNECTIONS = 256;
    /** The most pages waiting and being made; far fewer than connections, so that one may always be closed for a newcomer. */
    private static final int MOST_PAGES = 64;

    private static final int PAGE_THREADS = 2;

    private final ThreadFactory threads = new DefaultThreadFactory("admin", true);
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    private final ExecutorService pages = Executors.newFixedThreadPool(PAGE_THREADS, threads);
    private final Channel channel;

    /**
     * Listens at once.
     *
     * @param resources by their paths; one whose path ends with a slash also answers below it
     * @throws IOException if the address cannot be listened on
     */
    public HttpListener(InetSocketAddress address, Map<String, Resource> resources) throws IOException {
        Site site = new Site(resources);
        OpenConnections open = new OpenConnections(MOST_CONNECTIONS, MOST_PAGES);
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel connection) {
                        connection.pipeline().addLast(HttpConnection.handlers(site, open, pages));
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        channel = bound.channel();
        if (!bound.isSuccess()) {
            stop();
            throw new IOException(bound.cause().getMessage(), bound.cause());
        }
    }

    /** Makes a page of metrics, in the form that Prometheus scrapes. */
    public static Page metrics(String text) {
        return new Page(200, METRICS_TYPE, text);
    }

    /** Returns the port that it listens on. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Closes all connections, answered or not. */
    public void stop() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        pages.shutdownNow();
    }
}

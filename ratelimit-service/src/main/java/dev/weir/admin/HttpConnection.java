package dev.weir.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of one connection, one after the other. A connection has {@value #ARRIVAL_SECONDS} seconds to send its first
 * request, {@value #IDLE_SECONDS} for each further one, and {@value #DEPARTURE_SECONDS} to take an answer; then it is closed. All of it
 * runs on the connection's event loop.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    static final int ARRIVAL_SECONDS = 5;
    static final int IDLE_SECONDS = 20;
    static final int DEPARTURE_SECONDS = 10;
    private static final int PAUSE_MILLIS = 1;
    private static final int LARGEST_BODY = 1 << 20;

    private final Site site;
    private final OpenConnections open;
    private final Executor pages;
    private Future<?> end = CompletableFuture.completedFuture(null);

    private HttpConnection(Site site, OpenConnections open, Executor pages) {
        this.site = site;
        this.open = open;
        this.pages = pages;
    }

    /**
     * Makes the handlers of a new connection.
     *
     * @param pages makes the pages that take longer than a probe's
     */
    static ChannelHandler[] handlers(Site site, OpenConnections open, Executor pages) {
        return new ChannelHandler[] {
            new HttpServerCodec(),
            // Keeps what a client sends while it is being answered.
            new FlowControlHandler(),
            new HttpObjectAggregator(LARGEST_BODY),
            new HttpConnection(site, open, pages)
        };
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        open.opened(context.channel());
        endIn(ARRIVAL_SECONDS, context);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end.cancel(false);
        open.closed(context.channel());
    }

    private void endIn(int seconds, ChannelHandlerContext context) {
        end.cancel(false);
        end = context.executor().schedule(() -> close(context), seconds, TimeUnit.SECONDS);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        context.channel().config().setAutoRead(false);
        if (!request.decoderResult().isSuccess()) {
            write(Page.text(400, "this is no request of HTTP/1.1\n"), false, context);
            return;
        }
        boolean stays = HttpUtil.isKeepAlive(request);
        URI uri;
        try {
            uri = new URI(request.uri());
        } catch (URISyntaxException e) {
            write(Page.text(400, "this is no path\n"), stays, context);
            return;
        }
        Resource resource = site.at(String.valueOf(uri.getPath()));
        if (resource == null) {
            write(Page.text(404, "no such page\n"), stays, context);
        } else if (resource.isProbe()) {
            answered(resource.answer(uri.getRawQuery(), new byte[0]), page -> write(page, stays, context));
        } else {
            answer(resource, uri.getRawQuery(), request, stays, context);
        }
    }

    private void answer(
            Resource resource,
            @Nullable String query,
            FullHttpRequest request,
            boolean stays,
            ChannelHandlerContext context) {
        if (!open.asked(context.channel())) {
            // The connection is closed, since what it has sent ahead would be refused one by one.
            write(Page.text(503, "too many pages are being made; ask again\n"), false, context);
            return;
        }
        end.cancel(false);
        byte[] body = new byte[request.content().readableBytes()];
        request.content().readBytes(body);
        CompletionStage<Page> page = CompletableFuture.supplyAsync(() -> resource.answer(query, body), pages)
                .thenCompose(Function.identity());
        answered(
                page,
                made -> context.executor().execute(() -> {
                    open.answered(context.channel());
                    write(made, stays, context);
                }));
    }

    private static void answered(CompletionStage<Page> page, Consumer<Page> then) {
        page.whenComplete(
                (made, failure) -> then.accept(made == null ? Page.text(500, "this could not be answered\n") : made));
    }

    private void write(Page page, boolean stays, ChannelHandlerContext context) {
        endIn(DEPARTURE_SECONDS, context);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1,
                HttpResponseStatus.valueOf(page.status()),
                Unpooled.wrappedBuffer(page.text().getBytes(StandardCharsets.UTF_8)));
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, page.type());
        HttpUtil.setContentLength(response, response.content().readableBytes());
        HttpUtil.setKeepAlive(response, stays);
        ChannelFuture written = context.writeAndFlush(response);
        written.addListener(done -> {
            if (done.isSuccess() && stays) {
                endIn(IDLE_SECONDS, context);
                readOn(context);
            } else {
                close(context);
            }
        });
    }

    /** Reads on a moment later, so that whoever sends many requests at once waits behind all other connections with each of them. */
    private static void readOn(ChannelHandlerContext context) {
        Future<?> unused = context.executor()
                .schedule(() -> context.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static void close(ChannelHandlerContext context) {
        ChannelFuture unused = context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        close(context);
    }
}

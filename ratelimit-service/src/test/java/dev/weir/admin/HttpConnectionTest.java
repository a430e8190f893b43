package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection ends that is silent, slow to ask or slow to take its answer. */
class HttpConnectionTest {
    private static final String REQUEST = "GET /page HTTP/1.1\r\nhost: x\r\n\r\n";

    private final CompletableFuture<Page> page = new CompletableFuture<>();
    private final Site site = new Site(Map.of("/page", (query, body) -> page));
    private final EmbeddedChannel channel =
            new EmbeddedChannel(HttpConnection.handlers(site, new OpenConnections(2, 1), Runnable::run));

    HttpConnectionTest() {
        channel.freezeTime();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /pa",
                "GET /page HTTP/1.1\r\nhost: x\r\n",
                "POST /page HTTP/1.1\r\ncontent-length: 9\r\n\r\nx"
            })
    void itHasFiveSecondsForItsFirstRequest(String part) {
        pass(4);
        send(part);

        assertOpenFor(1);
    }

    @Test
    void itStaysWhileItsPageIsBeingMade() {
        send(REQUEST);
        pass(3_600);

        assertTrue(channel.isOpen());
    }

    @Test
    void itHasTwentySecondsForAFurtherRequest() {
        page.complete(Page.text(200, "page"));
        send(REQUEST);
        channel.runPendingTasks();
        pass(19);
        send(REQUEST);
        channel.runPendingTasks();

        assertOpenFor(20);
    }

    @Test
    void itHasTenSecondsToTakeItsAnswer() {
        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
                // As where the client's window is full.
            }
        });
        page.complete(Page.text(200, "page"));
        send(REQUEST);
        channel.runPendingTasks();

        assertOpenFor(10);
    }

    private void assertOpenFor(int seconds) {
        channel.advanceTimeBy(seconds * 1_000L - 1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertTrue(channel.isOpen());
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertFalse(channel.isOpen());
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    private void send(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }
}

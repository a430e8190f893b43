package dev.weir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.testing.Await;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The probes are answered whatever else is open. */
@Timeout(60)
class HttpListenerTest {
    private static final int MOST = 256;
    private static final int MOST_PAGES = 64;

    private final CompletableFuture<Page> never = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final List<Socket> held = new ArrayList<>();
    private HttpListener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = new HttpListener(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                Map.of(
                        "/healthz",
                        Resource.probe(() -> Page.text(200, "ok\n")),
                        "/page",
                        Resource.of(() -> Page.text(200, "page\n")),
                        "/below/",
                        Resource.of(() -> Page.text(200, "below\n")),
                        "/broken",
                        Resource.of(() -> {
                            throw new IllegalStateException();
                        }),
                        "/echo",
                        (query, body) -> CompletableFuture.completedFuture(
                                Page.text(200, query + " " + new String(body, StandardCharsets.UTF_8))),
                        "/never",
                        (query, body) -> {
                            asked.incrementAndGet();
                            return never;
                        }));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : held) {
            socket.close();
        }
        listener.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /hea",
                "GET /healthz HTTP/1.1\r\nhost: x\r\nx: ",
                "POST /page HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nx"
            })
    void aProbeIsAnsweredWhileMoreConnectionsThanThereMayBeAreSilentOrSlow(String sent) throws IOException {
        for (int i = 0; i < 2 * MOST; i++) {
            connect().getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
        }

        assertEquals("HTTP/1.1 200 OK", status(ask("/healthz")));
        assertEquals("HTTP/1.1 200 OK", status(ask("/page")));
        // The first ones made room, the last ones are still there.
        assertTrue(isClosed(held.get(0)));
        assertTrue(!isClosed(held.get(2 * MOST - 1)));
    }

    @Test
    void aProbeIsAnsweredWhileAsManyPagesAsMayBeAreBeingMadeAndTheNextOneIsRefused() throws IOException {
        for (int i = 0; i < MOST_PAGES; i++) {
            send(connect(), "/never");
        }
        Await.until("all pages", () -> asked.get() == MOST_PAGES);
        for (int i = 0; i < 2 * MOST; i++) {
            connect();
        }

        assertEquals("HTTP/1.1 200 OK", status(ask("/healthz")));
        Socket refused = connect();
        send(refused, "/page");
        assertEquals("HTTP/1.1 503 Service Unavailable", status(read(refused)));
        assertTrue(isClosed(refused));
        never.complete(Page.text(200, "at last\n"));
        assertEquals("HTTP/1.1 200 OK", status(read(held.get(0))));
        assertEquals("HTTP/1.1 200 OK", status(ask("/page")));
    }

    @Test
    void aConnectionWhosePageIsMadeMakesRoomLikeOthers() throws IOException {
        send(connect(), "/page");
        assertEquals("HTTP/1.1 200 OK", status(read(held.get(0))));
        for (int i = 0; i < MOST; i++) {
            connect();
        }

        assertTrue(isClosed(held.get(0)));
    }

    @Test
    void requestsThatAreSentTogetherAreAnsweredOneAfterTheOther() throws IOException {
        Socket socket = connect();
        String rest = " HTTP/1.1\r\nhost: x\r\n\r\n";
        socket.getOutputStream()
                .write(("GET /echo?1" + rest + "GET /echo?2" + rest + "HEAD /page" + rest
                                + "POST /echo?3 HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi")
                        .getBytes(StandardCharsets.US_ASCII));
        String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertEquals(List.of("1 ", "2 ", "", "3 hi"), bodies(all));
    }

    @Test
    void whatIsNotThereOrNoRequestOrBrokenIsTold() throws IOException {
        assertEquals("HTTP/1.1 404 Not Found", status(ask("/")));
        assertEquals("HTTP/1.1 404 Not Found", status(ask("/page/")));
        assertEquals("HTTP/1.1 404 Not Found", status(ask("/pages")));
        assertEquals("HTTP/1.1 404 Not Found", status(ask("//page")));
        assertEquals("HTTP/1.1 200 OK", status(ask("/below/and/further")));
        assertEquals("HTTP/1.1 400 Bad Request", status(ask("/%")));
        assertEquals("HTTP/1.1 500 Internal Server Error", status(ask("/broken")));
        Socket socket = connect();
        socket.getOutputStream().write("nonsense\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("HTTP/1.1 400 Bad Request", status(read(socket)));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port());
        held.add(socket);
        return socket;
    }

    private static void send(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nhost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private String ask(String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
            send(socket, path);
            return read(socket);
        }
    }

    private static String read(Socket socket) throws IOException {
        byte[] bytes = new byte[4096];
        int read = socket.getInputStream().read(bytes);
        return new String(bytes, 0, Math.max(0, read), StandardCharsets.US_ASCII);
    }

    private static String status(String answer) {
        return answer.lines().findFirst().orElse("");
    }

    private static List<String> bodies(String answers) {
        return List.of(answers.split("HTTP/1.1 200 OK\r\n", -1)).stream()
                .skip(1)
                .map(answer -> answer.substring(answer.indexOf("\r\n\r\n") + 4))
                .toList();
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(1_000);
        try {
            InputStream in = socket.getInputStream();
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}

package dev.weir.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A client of the LLM provider, who has only Envoy's address and an API key. */
public final class HttpCaller {
    private static final String PATH = "/v1/chat/completions";

    private final int port;
    private final String secret;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    public HttpCaller(int port, String secret) {
        this.port = port;
        this.secret = secret;
    }

    /** @param headers name, value, name, value ... */
    public HttpResponse<String> post(String body, String... headers) throws Exception {
        return client.send(request(body, headers), HttpResponse.BodyHandlers.ofString());
    }

    /** Does not wait for the answer. */
    public CompletableFuture<HttpResponse<String>> postAsync(String body, String... headers) {
        return client.sendAsync(request(body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH))
                .timeout(Duration.ofSeconds(20))
                .header("content-type", "application/json")
                .header("authorization", "Bearer " + secret)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.build();
    }

    /** Sends a request whose headers may hold any byte, as Latin-1, and answers the status line. */
    public String postRaw(String body, String header) throws IOException {
        try (Socket socket = send(body, header, "connection: close")) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .findFirst()
                    .orElse("");
        }
    }

    /**
     * Reads an answer until it contains {@code word}, then leaves without a good-bye.
     *
     * @param meanwhile runs while the answer is under way
     */
    public void leaveAfter(String word, String body, String header, Runnable meanwhile) throws IOException {
        try (Socket socket = send(body, header, "accept: */*")) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            while (!read.toString(StandardCharsets.ISO_8859_1).contains(word)) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("ended before `" + word + "`: " + read);
                }
                read.write(next);
            }
            meanwhile.run();
        }
    }

    /**
     * Sends a request and leaves before anything is answered.
     *
     * @param meanwhile runs before it leaves
     */
    public void leaveAtOnce(String body, String header, Runnable meanwhile) throws IOException {
        try (Socket socket = send(body, header, "accept: */*")) {
            meanwhile.run();
        }
    }

    /**
     * Sends a request and is gone before anything is answered, without a good-bye.
     *
     * @param nanos how long it stays
     */
    public void vanishAfter(long nanos, String body, String header) throws IOException {
        try (Socket socket = send(body, header, "accept: */*")) {
            LockSupport.parkNanos(nanos);
            socket.setSoLinger(true, 0);
        }
    }

    /** Sends a request. Whoever closes the socket before the answer has left. */
    public Socket send(String body, String... headers) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        String head = "POST " + PATH
                + " HTTP/1.1\r\nhost: llm\r\ncontent-type: application/json\r\nauthorization: Bearer " + secret
                + "\r\ncontent-length: " + body.length() + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return socket;
    }
}

package dev.weir.envoy.answer;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes messages of headers. */
record HeaderMessages(Consumer<HeaderValue> headers) implements HeaderSink {
    @Override
    public void known(Header header) {
        headers.accept(header.message());
    }

    @Override
    public void number(Header.Name name, long value) {
        headers.accept(RateHeaders.header(name.text(), Long.toString(value)));
    }

    @Override
    public void available(Header.Name name, byte[] start, long left, long seconds) {
        String value = new String(start, StandardCharsets.UTF_8) + left;
        headers.accept(RateHeaders.header(name.text(), seconds < 0 ? value : value + ";t=" + seconds));
    }
}

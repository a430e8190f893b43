package dev.weir.envoy.answer;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.ratelimit.v3.RateLimitResponse;
import java.nio.charset.StandardCharsets;

/** Writes headers as bytes of an answer to ShouldRateLimit. */
public record HeaderBytes(WireWriter out) implements HeaderSink {
    static final int RESPONSE_HEADERS_TO_ADD = RateLimitResponse.RESPONSE_HEADERS_TO_ADD_FIELD_NUMBER;

    private static final byte[] SECONDS = ";t=".getBytes(StandardCharsets.UTF_8);

    @Override
    public void known(Header header) {
        out.fields(header.field());
    }

    @Override
    public void number(Header.Name name, long value) {
        int header = out.begin(RESPONSE_HEADERS_TO_ADD);
        out.fields(name.field());
        int text = out.begin(HeaderValue.VALUE_FIELD_NUMBER);
        out.digits(value);
        out.end(text);
        out.end(header);
    }

    @Override
    public void available(Header.Name name, byte[] start, long left, long seconds) {
        int header = out.begin(RESPONSE_HEADERS_TO_ADD);
        out.fields(name.field());
        int text = out.begin(HeaderValue.VALUE_FIELD_NUMBER);
        out.fields(start);
        out.digits(left);
        if (seconds >= 0) {
            out.fields(SECONDS);
            out.digits(seconds);
        }
        out.end(text);
        out.end(header);
    }
}

package dev.weir.envoy.answer;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;

/**
 * A header that is known ahead.
 *
 * @param message as a message
 * @param field as a field of an answer to ShouldRateLimit
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares headers.
record Header(HeaderValue message, byte[] field) {
    static Header of(String name, String value) {
        HeaderValue message =
                HeaderValue.newBuilder().setKey(name).setValue(value).build();
        WireWriter field = new WireWriter();
        int begun = field.begin(HeaderBytes.RESPONSE_HEADERS_TO_ADD);
        field.fields(message.toByteArray());
        field.end(begun);
        return new Header(message, field.toBytes());
    }

    /**
     * The name of a header whose value is not known ahead.
     *
     * @param field as a field of the header's message
     */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares names.
    record Name(String text, byte[] field) {
        static Name of(String text) {
            return new Name(text, HeaderValue.newBuilder().setKey(text).build().toByteArray());
        }
    }
}

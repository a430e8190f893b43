package dev.weir.tools.lint.envoy;

import org.jspecify.annotations.Nullable;

/**
 * A value that a filter writes into a request's metadata.
 *
 * @param block where the file says so
 * @param source when it is written and from what
 * @param on whether the thing read was there: {@code on_present}, {@code on_missing} or {@code on_error}
 * @param type one of {@code STRING}, {@code NUMBER}, {@code PROTOBUF_VALUE}
 * @param value the value where it is fixed, else null
 */
record Write(
        EnvoyMessage block,
        MetadataKey key,
        Source source,
        String on,
        String type,
        @Nullable String value) {
    enum Source {
        CONFIGURATION,
        REQUEST_HEADER,
        REQUEST_BODY,
        RESPONSE
    }

    /** Returns whether a client decides what is written. */
    boolean isClients() {
        return value == null && (source == Source.REQUEST_HEADER || source == Source.REQUEST_BODY);
    }
}

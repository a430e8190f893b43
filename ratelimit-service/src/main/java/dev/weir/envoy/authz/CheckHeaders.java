package dev.weir.envoy.authz;

import com.google.protobuf.ByteString;
import dev.weir.envoy.call.WireText;
import dev.weir.wire.CheckRequest;
import org.jspecify.annotations.Nullable;

/** Finds headers of a request that is checked, in whichever of two forms Envoy sends them. Names are in lower case. */
final class CheckHeaders {
    private CheckHeaders() {}

    /** Returns the value of this name, the first one of several headers, or null. */
    static @Nullable String get(CheckRequest.Http http, ByteString name) {
        // A map of Protobuf's: of an entry that comes twice the last one holds.
        for (int i = http.getHeadersCount() - 1; i >= 0; i--) {
            if (http.getHeaders(i).getKey().equals(name)) {
                return WireText.of(http.getHeaders(i).getValue());
            }
        }
        for (CheckRequest.HeaderValue header : http.getHeaderMap().getHeadersList()) {
            if (header.getKey().equals(name)) {
                return WireText.of(header.getRawValue().isEmpty() ? header.getValue() : header.getRawValue());
            }
        }
        return null;
    }
}

package dev.weir.envoy.authz;

import com.google.protobuf.ByteString;
import dev.weir.envoy.call.WireText;
import dev.weir.wire.CheckRequest;
import org.jspecify.annotations.Nullable;

/** Finds headers of a request that is checked, in whichever of two forms Envoy sends them. Names are in lower case. */
final class CheckHeaders {
    private CheckHeaders() {}

    /** Returns the first value of this name, or null. */
    static @Nullable String get(CheckRequest.Http http, ByteString name) {
        for (CheckRequest.Pair header : http.getHeadersList()) {
            if (header.getKey().equals(name)) {
                return WireText.of(header.getValue());
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

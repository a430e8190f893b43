package dev.weir.admin;

import dev.weir.request.Attributes;
import dev.weir.text.LosslessText;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A query of {@code /explain}, such as {@code domain=llm&attribute=user%3Dalice}.
 *
 * @param domain null where none is named
 */
record Query(@Nullable String domain, Attributes attributes) {
    private static final int HEX = 16;

    /**
     * @param text as it stands in the URL; null where there is none
     * @throws IllegalArgumentException saying why it cannot be read
     */
    static Query of(@Nullable String text) {
        String domain = null;
        List<String> namesAndValues = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split("&", -1)) {
            int equals = part.indexOf('=');
            String value = equals < 0 ? "" : decoded(part.substring(equals + 1));
            int separator = value.indexOf('=');
            if (part.startsWith("domain=")) {
                domain = value;
            } else if (part.startsWith("attribute=") && separator > 0) {
                namesAndValues.add(value.substring(0, separator));
                namesAndValues.add(value.substring(separator + 1));
            } else if (!part.isEmpty()) {
                throw new IllegalArgumentException("`" + part + "` is neither domain=NAME nor attribute=NAME%3DVALUE");
            }
        }
        return new Query(domain, Attributes.of(namesAndValues.toArray(String[]::new)));
    }

    /** Decodes values that are not UTF-8 as well: Envoy forwards them, and they too have buckets. */
    private static String decoded(String text) {
        byte[] encoded = text.replace('+', ' ').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] == '%') {
                bytes.put((byte) (hex(text, encoded, i + 1) * HEX + hex(text, encoded, i + 2)));
                i += 2;
            } else {
                bytes.put(encoded[i]);
            }
        }
        return LosslessText.of(bytes.flip());
    }

    private static int hex(String text, byte[] encoded, int at) {
        int digit = at < encoded.length ? Character.digit(encoded[at], HEX) : -1;
        if (digit < 0) {
            throw new IllegalArgumentException("`" + text + "` is not percent-encoded: after % belong two hex digits");
        }
        return digit;
    }
}

package dev.weir.identity;

import org.jspecify.annotations.Nullable;

/**
 * The headers by which a request proves whose it is.
 *
 * @param authorization the header of that name
 * @param apiKey the header {@code x-api-key}
 */
public record Credentials(
        @Nullable String authorization, @Nullable String apiKey) {}

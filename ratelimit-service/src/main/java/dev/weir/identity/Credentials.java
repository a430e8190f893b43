package dev.weir.identity;

import org.jspecify.annotations.Nullable;

/**
 * What a request carries to prove whose it is.
 *
 * @param authorization the header of that name
 * @param apiKey the header {@code x-api-key}
 */
public record Credentials(
        @Nullable String authorization, @Nullable String apiKey) {}

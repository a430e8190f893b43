package dev.weir.envoy.listen;

import io.netty.handler.ssl.SslContext;
import java.time.Instant;

/**
 * The listener's encryption, as its files say.
 *
 * @param end when the certificate ends
 */
public record Encryption(SslContext context, Instant end) {}

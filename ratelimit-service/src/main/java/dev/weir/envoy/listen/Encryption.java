package dev.weir.envoy.listen;

import io.netty.handler.ssl.SslContext;
import java.time.Instant;

/**
 * What the files say of how the listener encrypts.
 *
 * @param end when the certificate ends
 */
public record Encryption(SslContext context, Instant end) {}

package dev.weir.tools.check;

import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A running service and how to ask it.
 *
 * @param address an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
 * @param tls null for plaintext
 * @param timeout how long an answer may take
 */
public record ServiceTarget(SocketAddress address, @Nullable ClientTls tls, Duration timeout) {}

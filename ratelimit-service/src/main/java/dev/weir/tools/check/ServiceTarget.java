package dev.weir.tools.check;

import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A service that runs, and how it is asked.
 *
 * @param address an {@link java.net.InetSocketAddress} or a {@link java.net.UnixDomainSocketAddress}
 * @param tls null speaks in the clear
 * @param timeout how long an answer may take
 */
public record ServiceTarget(SocketAddress address, @Nullable ClientTls tls, Duration timeout) {}

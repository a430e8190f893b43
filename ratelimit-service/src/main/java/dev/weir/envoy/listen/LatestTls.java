package dev.weir.envoy.listen;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/**
 * Encrypts each new connection as the files say at that time. Each version has sessions of its own: a client cannot resume one that began
 * under authorities that are no longer trusted.
 */
public final class LatestTls extends SslContext {
    private volatile SslContext latest;

    public LatestTls(SslContext first) {
        latest = first;
    }

    /** Encrypts by this from the next connection on. */
    public void use(SslContext changed) {
        latest = changed;
    }

    @Override
    public boolean isClient() {
        return latest.isClient();
    }

    @Override
    public List<String> cipherSuites() {
        return latest.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation")
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return latest.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return latest.newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String peerHost, int peerPort) {
        return latest.newEngine(allocator, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return latest.sessionContext();
    }
}

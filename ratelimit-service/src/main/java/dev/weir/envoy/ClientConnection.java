package dev.weir.envoy;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection of Envoy's: its streams, and the Envoy at its other end. */
final class ClientConnection {
    private final Peers peers;
    private final AnsweredStreams answered = new AnsweredStreams(System::nanoTime);
    private volatile @Nullable Peer peer;

    ClientConnection(Peers peers) {
        this.peers = peers;
    }

    AnsweredStreams answered() {
        return answered;
    }

    /** Null until its first bytes have come. */
    @Nullable
    Peer peer() {
        return peer;
    }

    void opened(@Nullable SocketAddress remote) {
        peer = peers.connected(remote);
    }

    void closed(@Nullable SocketAddress remote) {
        peers.disconnected(remote);
    }
}

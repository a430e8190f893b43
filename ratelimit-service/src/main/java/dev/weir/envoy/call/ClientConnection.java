package dev.weir.envoy.call;

import java.net.SocketAddress;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A connection of Envoy's: its streams, and the Envoy at its other end. */
public final class ClientConnection {
    private final Peers peers;
    private final BooleanSupplier sentAway;
    private final AnsweredStreams answered = new AnsweredStreams(System::nanoTime);
    private volatile @Nullable Peer peer;

    /** @param sentAway says whether we have asked the other side to go */
    public ClientConnection(Peers peers, BooleanSupplier sentAway) {
        this.peers = peers;
        this.sentAway = sentAway;
    }

    public AnsweredStreams answered() {
        return answered;
    }

    /** Returns the Envoy at the other end; null until its first bytes have come. */
    @Nullable
    Peer peer() {
        return peer;
    }

    public void opened(@Nullable SocketAddress remote) {
        peer = peers.connected(remote);
    }

    public void closed(@Nullable SocketAddress remote) {
        peers.disconnected(remote, sentAway.getAsBoolean());
    }
}

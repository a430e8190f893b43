package dev.weir.envoy.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.bucket.Presence;
import dev.weir.envoy.Calls;
import dev.weir.envoy.listen.Connections;
import dev.weir.envoy.listen.GrpcServer;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class PeersTest {
    private static final long MINUTE = 60_000_000;

    private final List<Runnable> later = new ArrayList<>();
    private final List<HeldReservation> gone = new ArrayList<>();
    private final Peers peers = new Peers((delay, task) -> later.add(task), gone::addAll, Presence.ALONE);

    @Test
    void whatIsUnderWayAtAnEnvoyThatStaysAwayIsOver() {
        Peer envoy = peers.connected(from("10.0.0.1", 1));
        envoy.holds(new HeldReservation("llm", "a"), MINUTE);
        envoy.holds(new HeldReservation("llm", "b"), MINUTE);
        envoy.ended("a");
        peers.disconnected(from("10.0.0.1", 1), false);
        assertEquals(List.of(), gone);
        timeIsUp();
        assertEquals(List.of(new HeldReservation("llm", "b")), gone);
    }

    @Test
    void anEnvoyThatComesBackHasItsRequestsStill() {
        Peer envoy = peers.connected(from("10.0.0.1", 1));
        envoy.holds(new HeldReservation("llm", "a"), MINUTE);
        peers.disconnected(from("10.0.0.1", 1), false);
        assertSame(envoy, peers.connected(from("10.0.0.1", 2)));
        timeIsUp();
        assertEquals(List.of(), gone);
    }

    @Test
    void anEnvoyThatCameBackForAMomentHasAllOfTheTimeAgain() {
        Peer envoy = peers.connected(from("10.0.0.1", 1));
        envoy.holds(new HeldReservation("llm", "a"), MINUTE);
        peers.disconnected(from("10.0.0.1", 1), false);
        peers.connected(from("10.0.0.1", 2));
        peers.disconnected(from("10.0.0.1", 2), false);
        later.remove(0).run();
        assertEquals(List.of(), gone);
        timeIsUp();
        assertEquals(1, gone.size());
    }

    @Test
    void whoLeavesIsLeftByEnvoysThatLive() throws Exception {
        GrpcServer server = new GrpcServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(), Connections.PLAIN, null, peers);
        try (Calls envoy = new Calls(server.port())) {
            assertThrows(StatusRuntimeException.class, () -> envoy.ask(Calls.request("llm")));
            server.leaving();
        }
        server.stop(Duration.ofSeconds(5));
        assertEquals(List.of(), later);
    }

    @Test
    void anEnvoyWithAConnectionLeftIsThere() {
        Peer envoy = peers.connected(from("10.0.0.1", 1));
        peers.connected(from("10.0.0.1", 2));
        peers.connected(from("10.0.0.2", 1));
        envoy.holds(new HeldReservation("llm", "a"), MINUTE);
        peers.disconnected(from("10.0.0.1", 1), false);
        timeIsUp();
        assertEquals(List.of(), gone);
    }

    @Test
    void anEnvoyThatWeSentAwayIsNotMissed() {
        peers.connected(from("10.0.0.1", 1)).holds(new HeldReservation("llm", "a"), MINUTE);
        peers.disconnected(from("10.0.0.1", 1), true);
        timeIsUp();
        assertEquals(List.of(), gone);
    }

    @Test
    void aServiceThatLeavesMissesNobody() {
        peers.connected(from("10.0.0.1", 1)).holds(new HeldReservation("llm", "a"), MINUTE);
        peers.connected(null).holds(new HeldReservation("llm", "b"), MINUTE);
        peers.disconnected(null, false);
        peers.leave();
        peers.disconnected(from("10.0.0.1", 1), false);
        timeIsUp();
        assertEquals(List.of(), gone);
    }

    @Test
    void whatAnotherReplicaSettledIsForgottenWhenItsLeaseIsOver() {
        long[] now = {0};
        Peer envoy = new Peer(() -> now[0]);
        envoy.holds(new HeldReservation("llm", "a"), MINUTE);
        envoy.holds(new HeldReservation("llm", "b"), MINUTE);
        now[0] += MINUTE * 1_000;
        envoy.lives(new HeldReservation("llm", "b"), MINUTE);
        now[0] += 1;
        envoy.holds(new HeldReservation("llm", "c"), MINUTE);
        assertEquals(List.of(new HeldReservation("llm", "b"), new HeldReservation("llm", "c")), envoy.takeAll());
    }

    @Test
    void theOldestAreForgottenWhereThereAreTooMany() {
        Peer envoy = new Peer(() -> 0);
        for (int i = 0; i <= Peer.MOST; i++) {
            envoy.holds(new HeldReservation("llm", "r" + i), MINUTE);
        }
        List<HeldReservation> all = envoy.takeAll();
        assertEquals(Peer.MOST, all.size());
        assertEquals("r1", all.get(0).reservation());
    }

    @Test
    void anEnvoyThatHasLostItsWayToThisReplicaOnlyIsNotMissedUntilTheOthersMissItToo() {
        List<String> told = new ArrayList<>();
        AtomicReference<CompletableFuture<Boolean>> elsewhere = new AtomicReference<>(done(true));
        Presence others = new Presence() {
            @Override
            public void here(List<String> envoys) {
                told.addAll(envoys);
            }

            @Override
            public CompletionStage<Boolean> elsewhere(String envoy) {
                return elsewhere.get();
            }
        };
        Peers watching = new Peers((delay, task) -> later.add(task), gone::addAll, others);
        watching.connected(from("10.0.0.1", 1)).holds(new HeldReservation("llm", "a"), MINUTE);
        assertEquals(List.of("10.0.0.1"), told);
        timeIsUp();
        assertEquals(List.of("10.0.0.1", "10.0.0.1"), told);
        watching.disconnected(from("10.0.0.1", 1), false);
        timeIsUp();
        elsewhere.set(CompletableFuture.failedFuture(new IllegalStateException("the store is away")));
        timeIsUp();
        assertEquals(List.of(), gone);
        elsewhere.set(done(false));
        timeIsUp();
        assertEquals(List.of(new HeldReservation("llm", "a")), gone);
        assertEquals(2, told.size(), "it is not here any more");
    }

    private static CompletableFuture<Boolean> done(boolean answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private void timeIsUp() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    private static SocketAddress from(String host, int port) {
        return new InetSocketAddress(host, port);
    }
}

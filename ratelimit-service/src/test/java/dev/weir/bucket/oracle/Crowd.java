package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many clients on threads of their own at the replicas of one store. What they ask follows from the seed; who comes first does not. */
public final class Crowd {
    private static final int CLIENTS = 64;
    /** Only reads the clock. */
    private static final Admission NOTHING = new Admission(List.of(), null, 0);

    /** A reservation that somebody has to settle. */
    record Open(Admission admission, int replica, Moment admitted) {}

    private final Demand demand;
    private final Queue<Open> open = new ConcurrentLinkedQueue<>();
    private final List<Client> clients = new ArrayList<>();

    private Crowd(List<? extends Buckets> replicas, Demand demand, long seed) {
        this.demand = demand;
        for (int i = 0; i <= CLIENTS; i++) {
            clients.add(new Client(i, seed, replicas, demand, open));
        }
    }

    /** Ends with everything settled. */
    public static Transcript run(List<? extends Buckets> replicas, Demand demand, long seed, int turns) {
        return new Crowd(replicas, demand, seed).run(turns);
    }

    private Transcript run(int turns) {
        Client host = clients.get(CLIENTS);
        host.startClock();
        atOnce(clients.subList(0, CLIENTS), turns);
        host.ask(NOTHING);
        host.settleTheRest();
        demand.askAll().forEach(host::ask);
        return new Transcript(
                clients.stream().flatMap(client -> client.asked().stream()).toList(),
                clients.stream().flatMap(client -> client.settlings().stream()).toList());
    }

    private static void atOnce(List<Client> crowd, int turns) {
        ExecutorService threads = Executors.newFixedThreadPool(crowd.size());
        try {
            List<Future<?>> ends = new ArrayList<>();
            crowd.forEach(client -> ends.add(threads.submit(() -> client.takeTurns(turns))));
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            threads.shutdownNow();
        }
    }
}

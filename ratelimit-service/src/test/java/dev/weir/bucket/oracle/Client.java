package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Buckets;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Outcome;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** One that asks and settles, one thing after the other, and writes down what it is told. */
final class Client {
    private record Call(String reservation, int replica, Usage usage) {}

    /** All clients come back at the same moments, so that many calls are under way however fast the store is. */
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(47);

    private static final int TURNS_PER_BEAT = 3;

    private final int number;
    private final Random random;
    private final List<? extends Buckets> replicas;
    private final Demand demand;
    private final StoreClock clock;
    private final Queue<Crowd.Open> open;

    private final List<Asked> asked = new ArrayList<>();
    private final List<Settling> settlings = new ArrayList<>();
    /** Settled since the last moment that was seen, and complete with the next one. */
    private final List<Function<Moment, Settling>> sinceLast = new ArrayList<>();

    private Moment last = Moment.NONE;

    Client(int number, long seed, List<? extends Buckets> replicas, Demand demand, Queue<Crowd.Open> open) {
        this.number = number;
        this.random = new Random(((seed << 8) + number) * 0x9E3779B97F4A7C15L);
        this.replicas = replicas;
        this.demand = demand;
        this.clock = demand.clock();
        this.open = open;
    }

    void startClock() {
        join(replicas.get(0).admit(clock.start()));
    }

    void takeTurns(int turns) {
        for (int i = 0; i < turns; i++) {
            if (random.nextInt(3) == 0) {
                settleOne();
            }
            ask(demand.any(random, number + "-" + i));
            if (random.nextInt(TURNS_PER_BEAT) == 0) {
                LockSupport.parkNanos(BEAT_NANOS - Math.floorMod(System.nanoTime(), BEAT_NANOS));
            }
        }
    }

    List<Asked> asked() {
        return asked;
    }

    List<Settling> settlings() {
        return settlings;
    }

    void ask(Admission admission) {
        int replica = anyReplica();
        long sent = System.nanoTime();
        Outcome outcome = join(replicas.get(replica).admit(clock.addTo(admission)));
        Asked answered = Asked.of(number, replica, admission, outcome, sent, System.nanoTime());
        asked.add(answered);
        last = answered.moment();
        for (Function<Moment, Settling> each : sinceLast) {
            settlings.add(each.apply(last));
        }
        sinceLast.clear();
        if (answered.admitted() && admission.reservation() != null) {
            open.add(new Crowd.Open(admission, replica, last));
        }
    }

    private void settleOne() {
        if (random.nextInt(10) == 0) {
            settle(last, new Call(demand.reservations() + "nobody's", anyReplica(), Usage.of(7)));
            return;
        }
        Crowd.Open oldest = open.poll();
        if (oldest != null) {
            settle(oldest);
        }
    }

    void settleTheRest() {
        for (Crowd.Open oldest = open.poll(); oldest != null; oldest = open.poll()) {
            settle(oldest);
        }
    }

    /** Mostly once, by another replica than admitted; or by two at the same time, or one after the other. */
    private void settle(Crowd.Open one) {
        long estimate = one.admission().charges().stream()
                .filter(charge -> charge.atEnd() == EndAction.SETTLE)
                .mapToLong(Charge::amount)
                .max()
                .orElse(0);
        String reservation = Objects.requireNonNull(one.admission().reservation());
        int replica = one.replica();
        Call first = new Call(reservation, another(replica, 1), Demand.truth(random, estimate));
        Call second = new Call(reservation, another(replica, 2), Demand.truth(random, estimate));
        Moment after = last.orLater(one.admitted());
        switch (random.nextInt(6)) {
            case 0, 1 -> settle(after, first, second);
            case 2 -> {
                settle(after, first);
                settle(after, second);
            }
            default -> settle(after, first);
        }
    }

    private void settle(Moment after, Call... atOnce) {
        List<CompletionStage<Settled>> answers = new ArrayList<>();
        for (Call call : atOnce) {
            answers.add(replicas.get(call.replica()).settle(call.reservation(), call.usage()));
        }
        for (int i = 0; i < atOnce.length; i++) {
            Settled answer = join(answers.get(i));
            Call call = atOnce[i];
            sinceLast.add(next ->
                    new Settling(number, call.replica(), call.reservation(), call.usage(), answer, after, next));
        }
    }

    private int anyReplica() {
        return random.nextInt(replicas.size());
    }

    private int another(int replica, int further) {
        return (replica + further) % replicas.size();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

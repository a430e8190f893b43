package dev.weir.tools.lint;

import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.LimitOverride;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Requests of two users in bursts, some of them settled, some undone, on the engine that serves. */
final class RandomTraffic {
    private static final long SECOND = 1_000_000;

    private final ManualClock clock = new ManualClock();
    private final Random random;
    private final Decider decider;
    private final List<String> open = new ArrayList<>();
    private long now = ManualClock.START;

    RandomTraffic(Policy policy, Random random) {
        this.random = random;
        this.decider = new Decider(policy, new MemoryBuckets(10_000, clock), Limit.RESERVATION);
    }

    void send(int bursts, Consumer<Decision> decided) {
        for (int i = 0; i < bursts; i++) {
            now += pause();
            clock.set(now);
            for (int end = random.nextInt(4); end > 0 && !open.isEmpty(); end--) {
                end(open.remove(random.nextInt(open.size())));
            }
            Descriptor descriptor = descriptor();
            for (int times = 1 + random.nextInt(8); times > 0; times--) {
                Decision decision = decider.decide(new Request("llm", "id", List.of(descriptor), List.of()))
                        .toCompletableFuture()
                        .join();
                if (decision instanceof Decision.Allowed allowed && allowed.reservation() != null) {
                    open.add(allowed.reservation());
                }
                decided.accept(decision);
            }
        }
    }

    /** Often to the edge of a second, where cells and periods meet. */
    private long pause() {
        long length = random.nextInt(4) == 0 ? random.nextInt(70) * SECOND : random.nextInt(3_000_000);
        long edge = SECOND - (now + length) % SECOND;
        return switch (random.nextInt(4)) {
            case 0 -> length + edge;
            case 1 -> length + edge - 1;
            default -> length;
        };
    }

    private Descriptor descriptor() {
        List<String> entries = new ArrayList<>(List.of("user", random.nextInt(3) == 0 ? "bob" : "alice"));
        if (random.nextInt(4) > 0) {
            entries.addAll(List.of("team", random.nextInt(3) == 0 ? "t1" : "t0"));
        }
        if (random.nextInt(4) == 0) {
            entries.addAll(List.of("max_tokens", Integer.toString(random.nextInt(5))));
        }
        return new Descriptor(0, Attributes.of(entries.toArray(String[]::new)), 1 + random.nextInt(2), own());
    }

    private @Nullable LimitOverride own() {
        return random.nextInt(8) == 0 ? new LimitOverride(50, "1m", 60 * SECOND) : null;
    }

    private void end(String reservation) {
        if (random.nextInt(4) == 0) {
            decider.undo("llm", reservation).toCompletableFuture().join();
        } else {
            decider.settle("llm", Settlement.used(reservation, random.nextInt(6)))
                    .toCompletableFuture()
                    .join();
        }
    }
}

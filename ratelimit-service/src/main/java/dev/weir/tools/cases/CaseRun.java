package dev.weir.tools.cases;

import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.policy.Limit;
import dev.weir.request.Request;
import dev.weir.request.Settlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A case under way, with its own buckets and clock. */
final class CaseRun {
    /** A number of buckets that no case fills unless its steps take minutes. */
    private static final int BOUND = 100_000_000;

    private final Case played;
    private final String domain;
    private final Decider decider;
    private final Set<String> exercised;
    private final Map<String, List<String>> reservations = new HashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private long nowMicros;

    CaseRun(CaseFile file, Case played, Coverage coverage) {
        this.played = played;
        this.domain = file.domain().name();
        this.nowMicros = Scalars.micros(played.start());
        this.decider = new Decider(file.policy(), new MemoryBuckets(BOUND, () -> nowMicros), Limit.RESERVATION);
        this.exercised = coverage.of(file, file.domain());
    }

    /** Plays the case and returns what did not go as expected, in the order of the steps. */
    List<Failure> play() {
        for (Step step : played.steps()) {
            if (step instanceof Step.Send send) {
                send(send);
            } else if (step instanceof Step.Wait wait) {
                nowMicros += wait.micros();
            } else if (step instanceof Step.End end) {
                end(end);
            }
        }
        return failures;
    }

    private void send(Step.Send send) {
        Request request = new Request(domain, null, send.descriptors(), List.of());
        boolean taking = send.descriptors().stream().anyMatch(descriptor -> descriptor.hits() > 0);
        Burst burst = new Burst(send.times(), played.start().getOffset());
        List<String> held = new ArrayList<>();
        for (int i = 0; i < send.times(); i++) {
            nowMicros += i == 0 ? 0 : send.everyMicros();
            Decision decision = decider.decide(request).toCompletableFuture().join();
            burst.add(decision, nowMicros, send.expected());
            Coverage.note(decision, taking, exercised);
            if (send.as() != null && decision instanceof Decision.Allowed allowed && allowed.reservation() != null) {
                held.add(allowed.reservation());
            }
        }
        if (send.as() != null) {
            reservations.put(send.as(), held);
        }
        if (send.expected() != null) {
            burst.failure(send.expected()).ifPresent(failures::add);
        }
    }

    private void end(Step.End end) {
        List<String> held = reservations.getOrDefault(end.of(), List.of());
        if (held.isEmpty()) {
            failures.add(new Failure(
                    end.place(),
                    "nothing of `" + end.of()
                            + "` can end: it was refused, or no limit on tokens or parallel applies to it",
                    List.of()));
        }
        for (String reservation : held) {
            Settlement settlement =
                    end.tokens() == null ? Settlement.keep(reservation) : Settlement.used(reservation, end.tokens());
            decider.settle(domain, settlement).toCompletableFuture().join();
        }
    }
}

package dev.weir.bucket.oracle;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks for a broken promise in what clients were told. */
public interface Checker {
    Optional<Violation> check(Transcript transcript);

    /** Of a run where nothing is to be settled: the store's order leaves one possible answer to every call. */
    static Checker ofAdmissions() {
        return all(List.of(
                new OrderChecker(),
                new SettlementChecker(),
                new ReplayChecker(),
                new DecisionChecker(),
                new BoundChecker()));
    }

    /** Of a run at whose end everything was settled. */
    static Checker ofSettlements() {
        return all(List.of(
                new OrderChecker(),
                new SettlementChecker(),
                new DecisionChecker(),
                new BoundChecker(),
                new FiguresChecker(),
                new RestChecker()));
    }

    private static Checker all(List<Checker> checkers) {
        return transcript -> checkers.stream()
                .flatMap(each -> each.check(transcript).stream())
                .findFirst();
    }

    /** Looks at one bucket after the other. */
    static Optional<Violation> first(Transcript transcript, ByBucket byBucket) {
        return transcript.buckets().values().stream().flatMap(byBucket::check).findFirst();
    }

    /** The part of a checker that looks at the lines of one bucket. */
    interface ByBucket {
        Stream<Violation> check(List<Line> lines);
    }
}

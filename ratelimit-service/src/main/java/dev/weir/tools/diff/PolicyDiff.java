package dev.weir.tools.diff;

import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Decides the same requests by two policies, each with its own buckets in memory, by a clock that shows when they were sent. */
public final class PolicyDiff {
    /** The number of differences of one kind that are kept as examples. */
    public static final int EXAMPLES = 3;

    private static final int BOUND = 100_000_000;

    private long nowMicros;

    private PolicyDiff() {}

    /**
     * The result of a comparison.
     *
     * @param requests how many were decided
     * @param allowed how many both allowed
     * @param refused how many both refused
     * @param invalid how many neither could decide
     */
    public record Result(int requests, int allowed, int refused, int invalid, List<Kind> kinds) {
        public int differences() {
            return kinds.stream().mapToInt(Kind::count).sum();
        }
    }

    /** A kind of difference: all requests with the same two answers. The most frequent kind comes first. */
    public record Kind(Answer before, Answer after, int count, List<Example> examples) {}

    /** @param number its place among all requests, from 1 */
    public record Example(int number, TimedRequest asked) {}

    private record Answers(Answer before, Answer after) {}

    private static final class Tally {
        private int count;
        private final List<Example> examples = new ArrayList<>();
    }

    /** @param byLimit whether refusals by limits with different names differ, too */
    public static Result of(Policy before, Policy after, List<TimedRequest> requests, boolean byLimit) {
        return new PolicyDiff().run(before, after, requests, byLimit);
    }

    private Result run(Policy before, Policy after, List<TimedRequest> requests, boolean byLimit) {
        Map<Answers, Tally> differences = new LinkedHashMap<>();
        int number = 0;
        int allowed = 0;
        int refused = 0;
        int invalid = 0;
        try (MemoryBuckets ones = new MemoryBuckets(BOUND, () -> nowMicros);
                MemoryBuckets others = new MemoryBuckets(BOUND, () -> nowMicros)) {
            Decider one = new Decider(before, ones, Limit.RESERVATION);
            Decider other = new Decider(after, others, Limit.RESERVATION);
            for (TimedRequest asked : requests) {
                number++;
                nowMicros = Math.max(nowMicros, asked.micros());
                Answers answers = new Answers(Answer.of(decide(one, asked)), Answer.of(decide(other, asked)));
                if (differ(answers, byLimit)) {
                    Tally tally = differences.computeIfAbsent(answers, none -> new Tally());
                    tally.count++;
                    if (tally.examples.size() < EXAMPLES) {
                        tally.examples.add(new Example(number, asked));
                    }
                } else {
                    switch (answers.before().kind()) {
                        case ALLOWED -> allowed++;
                        case REFUSED -> refused++;
                        case INVALID -> invalid++;
                    }
                }
            }
        }
        return new Result(number, allowed, refused, invalid, kinds(differences));
    }

    private static Decision decide(Decider decider, TimedRequest asked) {
        return decider.decide(asked.request()).toCompletableFuture().join();
    }

    private static boolean differ(Answers answers, boolean byLimit) {
        return byLimit
                ? !answers.before().equals(answers.after())
                : answers.before().kind() != answers.after().kind();
    }

    private static List<Kind> kinds(Map<Answers, Tally> differences) {
        List<Kind> kinds = new ArrayList<>();
        differences.forEach((answers, tally) ->
                kinds.add(new Kind(answers.before(), answers.after(), tally.count, List.copyOf(tally.examples))));
        kinds.sort((one, other) -> Integer.compare(other.count(), one.count()));
        return List.copyOf(kinds);
    }
}

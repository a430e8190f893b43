package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The bounds of invariants 2 and 4, by the store's time and by nothing that the store said of its buckets. From the first to the
 * last of any charges in a row they are added up; what a settlement may have given back before the last one is left out.
 */
final class BoundChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        return Checker.first(transcript, BoundChecker::broken);
    }

    private static Stream<Violation> broken(List<Line> lines) {
        List<Line> charged = lines.stream().filter(Line::charged).toList();
        return IntStream.range(0, charged.size())
                .filter(last -> tooMuchBefore(last, charged))
                .mapToObj(last -> Violation.at(last, charged, "more than the limit allows"))
                .limit(1);
    }

    private static boolean tooMuchBefore(int last, List<Line> charged) {
        Line end = charged.get(last);
        Algorithm figures = end.charge().algorithm();
        long sum = 0;
        for (int first = last; first >= 0; first--) {
            Line start = charged.get(first);
            sum += start.leastAt(end.moment());
            if (sum > most(figures, start.moment().at(), end.moment().at())) {
                return true;
            }
        }
        return false;
    }

    /** The most that may be charged from one time to the other, both included. */
    private static long most(Algorithm figures, long from, long to) {
        if (figures instanceof Algorithm.TokenBucket refilling) {
            return refilling.burst() + (to - from) * refilling.sharesPerMicro() / refilling.sharesPerUnit();
        }
        return to < endOfSpan(figures, from) ? figures.most() : Long.MAX_VALUE;
    }

    private static long endOfSpan(Algorithm figures, long from) {
        if (figures instanceof Algorithm.SlidingWindow sliding) {
            return from + sliding.windowMicros();
        }
        if (figures instanceof Algorithm.FixedWindow fixed) {
            return Almanac.end(fixed.periods(), from);
        }
        return from + ((Algorithm.Parallel) figures).leaseMicros();
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** At rest a bucket that forgot nothing holds what was settled, to the last token, and no slot is taken. */
final class RestChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        return Checker.first(transcript, RestChecker::wrong);
    }

    private static Stream<Violation> wrong(List<Line> lines) {
        Line last = lines.get(lines.size() - 1);
        long run = last.moment().at() - lines.get(0).moment().at();
        long settled =
                lines.stream().filter(Line::charged).mapToLong(Line::truth).sum();
        return forgetsNothing(last.charge().algorithm(), run) && last.level().used() != settled
                ? Stream.of(Violation.at(lines.size() - 1, lines, "settled were " + settled))
                : Stream.empty();
    }

    private static boolean forgetsNothing(Algorithm figures, long run) {
        return (figures instanceof Algorithm.SlidingWindow sliding && sliding.windowMicros() > run)
                || figures instanceof Algorithm.Parallel;
    }
}

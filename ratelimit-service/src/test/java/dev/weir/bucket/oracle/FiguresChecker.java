package dev.weir.bucket.oracle;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Every figure that was told lies between the least and the most that the admissions before it and the settlements around it allow.
 * Where nothing is settled both are the same; so a refused request that charged, or an admitted one that did not, shows here.
 */
final class FiguresChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        return Checker.first(transcript, FiguresChecker::wrong);
    }

    private static Stream<Violation> wrong(List<Line> lines) {
        Course least = Course.least(lines);
        Course most = Course.most(lines);
        return IntStream.range(0, lines.size())
                .filter(i -> {
                    Line line = lines.get(i);
                    long used = line.level().used();
                    return used < least.usedAt(line.moment()) || used > most.usedAt(line.moment());
                })
                .limit(1)
                .mapToObj(i -> Violation.at(
                        i,
                        lines,
                        "used is not within " + least.usedAt(lines.get(i).moment()) + " to "
                                + most.usedAt(lines.get(i).moment())));
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Bucket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What may have happened to a bucket, with every settlement at one end of its bracket.
 *
 * <p>A refund lowers the level the more the earlier it comes, and what is charged later than estimated lowers it the less the later it
 * comes: in windows it is forgotten later, in a token bucket it flows back later and a refund is worth less. No refund is cut off at an
 * empty bucket, since what it gives back still counts there. So the two ends bound all that lies between.
 *
 * <p>What a sliding window counts is forgotten with the last charge of its cell, at most a cell late, and a settlement that comes a little
 * earlier or later moves that. So it is reckoned with windows from a cell shorter to a cell longer, in halves of a cell: where tokens are
 * owed, a longer window does not always count more.
 */
final class Course {
    /** A charge, or its settlement, with the number of its line. */
    private record Step(Moment moment, boolean settles, int number, Line line) {
        boolean givesBack() {
            return line.truth() < line.charge().amount();
        }
    }

    private final List<Step> steps;
    private final int lines;
    private final boolean settles;
    private final boolean least;

    private Course(List<Step> steps, int lines, boolean least) {
        this.steps = steps;
        this.lines = lines;
        this.settles = steps.stream().anyMatch(Step::settles);
        this.least = least;
    }

    static Course least(List<Line> lines) {
        return of(lines, true);
    }

    static Course most(List<Line> lines) {
        return of(lines, false);
    }

    private static Course of(List<Line> lines, boolean least) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            if (line.charged()) {
                steps.add(new Step(line.moment(), false, i, line));
                if (line.end() != null && line.truth() != line.charge().amount()) {
                    steps.add(new Step(least ? line.end().after() : line.end().before(), true, i, line));
                }
            }
        }
        // Early is just after the call that the client saw before, late just before the one that it saw next.
        steps.sort(Comparator.comparing(Step::moment)
                .thenComparing(Step::settles, least ? Comparator.naturalOrder() : Comparator.reverseOrder()));
        return new Course(steps, lines.size(), least);
    }

    /** @param now of a line, whose own charge is included */
    long usedAt(Moment now) {
        LongStream used =
                LongStream.rangeClosed(settles ? -2 : 0, settles ? 2 : 0).map(halves -> usedAt(now, halves));
        return (least ? used.min() : used.max()).orElseThrow();
    }

    /** @param halves by how many halves of a cell windows are longer than they are */
    private long usedAt(Moment now, long halves) {
        Bucket bucket = null;
        Algorithm figures = null;
        long[] marks = new long[lines];
        for (Step step : steps) {
            if (!counts(step, now)) {
                continue;
            }
            long at = Math.min(step.moment().at(), now.at());
            long amount = step.line().charge().amount();
            figures = bent(step.line().charge().algorithm(), halves);
            bucket = bucket == null ? figures.open(at) : bucket;
            if (step.settles()) {
                bucket.settle(figures, marks[step.number()], amount, step.line().truth(), at);
            } else {
                marks[step.number()] = bucket.charge(figures, amount, at);
            }
        }
        return bucket == null || figures == null
                ? 0
                : bucket.level(figures, 0, now.at()).used();
    }

    private static Algorithm bent(Algorithm figures, long halves) {
        if (halves == 0 || !(figures instanceof Algorithm.SlidingWindow sliding)) {
            return figures;
        }
        long longer = halves * sliding.cellMicros() / 2;
        return new Algorithm.SlidingWindow(sliding.limit(), sliding.windowMicros() + longer);
    }

    private boolean counts(Step step, Moment now) {
        if (!step.settles()) {
            return step.moment().compareTo(now) <= 0;
        }
        return step.givesBack() == least
                ? step.line().mayHaveEndedBy(now)
                : step.line().hasEndedBy(now);
    }
}

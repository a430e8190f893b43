package dev.weir.bucket.memory;

import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Bucket;
import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Periods;
import java.util.function.LongUnaryOperator;

/** A bucket whose periods are those of the calendar, so that its time is the calendar's. */
final class CalendarBucket implements Bucket {
    private final Bucket bucket;
    private final LongUnaryOperator calendar;

    private CalendarBucket(Bucket bucket, LongUnaryOperator calendar) {
        this.bucket = bucket;
        this.calendar = calendar;
    }

    /** Opens a bucket that goes by the calendar if its limit does. */
    static Bucket open(Algorithm algorithm, LongUnaryOperator calendar, long now) {
        boolean byCalendar =
                algorithm instanceof Algorithm.Periodic periodic && periodic.periods() instanceof Periods.Calendar;
        return byCalendar
                ? new CalendarBucket(algorithm.open(calendar.applyAsLong(now)), calendar)
                : algorithm.open(now);
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        return bucket.fits(figures, amount, calendar.applyAsLong(now));
    }

    @Override
    public long charge(Algorithm figures, long amount, long now) {
        return bucket.charge(figures, amount, calendar.applyAsLong(now));
    }

    @Override
    public void settle(Algorithm figures, long mark, long held, long used, long now) {
        bucket.settle(figures, mark, held, used, calendar.applyAsLong(now));
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        bucket.giveBack(figures, amount, calendar.applyAsLong(now));
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        return bucket.level(figures, amount, calendar.applyAsLong(now));
    }

    @Override
    public boolean idle(long now) {
        return bucket.idle(calendar.applyAsLong(now));
    }
}

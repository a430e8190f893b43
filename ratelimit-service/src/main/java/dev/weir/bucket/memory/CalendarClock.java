package dev.weir.bucket.memory;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * Tells the calendar's time at a moment of a clock that only runs forward. It follows the system's clock, so that days end when they really
 * do where that clock is corrected or the machine was suspended, and never goes back, so that no day is counted twice.
 *
 * <p>It leaves differences of a second alone. Where the system's clock is put forward, it follows. Where that is put back, it stands still
 * until the system's clock has caught up; while it is ahead by more than a day it runs at half speed instead, so that a clock that was
 * wrong by a year does not keep a day from ending. All times are microseconds since the epoch.
 *
 * <p>Thread-safe.
 */
public final class CalendarClock implements LongUnaryOperator {
    private static final long SECOND = 1_000_000;
    private static final long DAY = 86_400 * SECOND;

    private static final long FULL_PACE = 1;
    private static final long HALF_PACE = 2;
    private static final long STILL = Long.MAX_VALUE;

    private final LongSupplier nowMicros;
    private final LongSupplier systemMicros;
    private volatile Course course;

    /** The course from a moment on, by one microsecond in {@code pace}. */
    private record Course(long from, long time, long pace) {
        long at(long moment) {
            long passed = Math.max(0, moment - from);
            return pace == FULL_PACE ? time + passed : time + passed / pace;
        }

        boolean fits(long behind) {
            return behind <= SECOND && pace == paceFor(behind);
        }

        static long paceFor(long behind) {
            return behind >= -SECOND ? FULL_PACE : behind >= -DAY ? STILL : HALF_PACE;
        }
    }

    /**
     * Begins with the time that the system's clock has now.
     *
     * @param nowMicros the clock that only runs on
     * @param systemMicros the system's, which may be put forward and back
     */
    public CalendarClock(LongSupplier nowMicros, LongSupplier systemMicros) {
        this.nowMicros = nowMicros;
        this.systemMicros = systemMicros;
        this.course = new Course(nowMicros.getAsLong(), systemMicros.getAsLong(), FULL_PACE);
    }

    @Override
    public long applyAsLong(long moment) {
        long time = course.at(moment);
        return course.fits(systemMicros.getAsLong() - time) ? time : corrected(moment);
    }

    private synchronized long corrected(long moment) {
        // Reads both clocks anew: the thread may have waited since the moment.
        long now = nowMicros.getAsLong();
        long system = systemMicros.getAsLong();
        long time = course.at(now);
        if (!course.fits(system - time)) {
            course = new Course(now, Math.max(time, system), Course.paceFor(system - time));
        }
        return course.at(moment);
    }
}

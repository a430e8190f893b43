package dev.weir.bucket;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A division of time into periods. Times are microseconds since the epoch. */
public sealed interface Periods {
    /** The most by which this machine's clock may be ahead of the store's without a calendar period beginning too early. */
    long CLOCK_SKEW_MICROS = 60_000_000;

    /** Returns what is written in a bucket's name. */
    String id();

    /** Returns the period that holds a time. */
    Span at(long micros);

    /** Returns a length that no period exceeds, and from which none falls short by a tenth or more. */
    long longestMicros();

    /**
     * Returns what the scripts count by. They cannot reckon calendars, so they get the current period and the next and pick by their
     * store's own clock; for a minute after a boundary the current one is still the one before, since this machine's clock may be ahead.
     *
     * @param nowMicros this machine's time
     */
    default Algorithm.Figures figures(LongSupplier nowMicros) {
        Span current = at(nowMicros.getAsLong() - CLOCK_SKEW_MICROS);
        Span next = at(current.end());
        return new Algorithm.Figures(-longestMicros(), current.start(), current.end(), next.end());
    }

    /** A span from {@code start} to just before {@code end}. */
    record Span(long start, long end) {
        boolean holds(long micros) {
            return start <= micros && micros < end;
        }
    }

    /** Periods of one length, counted from the epoch: minutes begin with the minute, days with the day in UTC. */
    record Every(long micros) implements Periods {
        @Override
        public String id() {
            return Long.toString(micros);
        }

        @Override
        public Span at(long time) {
            long start = time - Math.floorMod(time, micros);
            return new Span(start, start + micros);
        }

        @Override
        public long longestMicros() {
            return micros;
        }

        @Override
        public Algorithm.Figures figures(LongSupplier nowMicros) {
            return Algorithm.Figures.of(micros);
        }
    }

    /** Days, weeks from Monday, or months, as the clocks of a time zone show them: a day may have 23 or 25 hours. */
    final class Calendar implements Periods {
        private static final long MICROS_PER_HOUR = 3_600_000_000L;

        private final ChronoUnit unit;
        private final ZoneId zone;
        private volatile Span last = new Span(0, 0);

        /** @param unit {@code DAYS}, {@code WEEKS} or {@code MONTHS} */
        public Calendar(ChronoUnit unit, ZoneId zone) {
            if (unit != ChronoUnit.DAYS && unit != ChronoUnit.WEEKS && unit != ChronoUnit.MONTHS) {
                throw new IllegalArgumentException("no calendar period: " + unit);
            }
            this.unit = unit;
            this.zone = zone;
        }

        public ChronoUnit unit() {
            return unit;
        }

        @Override
        public String id() {
            return unit.name().toLowerCase(Locale.ROOT) + "/" + zone.getId();
        }

        @Override
        public Span at(long micros) {
            Span span = last;
            if (!span.holds(micros)) {
                span = compute(micros);
                last = span;
            }
            return span;
        }

        /** Returns the length including the hour by which clocks go back. */
        @Override
        public long longestMicros() {
            long days = switch (unit) {
                case WEEKS -> 7;
                case MONTHS -> 31;
                default -> 1;
            };
            return (days * 24 + 1) * MICROS_PER_HOUR;
        }

        private Span compute(long micros) {
            Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
            LocalDate day = instant.atZone(zone).toLocalDate();
            LocalDate first = switch (unit) {
                case WEEKS -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
                case MONTHS -> day.withDayOfMonth(1);
                default -> day;
            };
            return new Span(startOf(first), startOf(first.plus(1, unit)));
        }

        /** Returns the first moment of a day, which is not midnight where the clocks skip it. */
        private long startOf(LocalDate day) {
            return ChronoUnit.MICROS.between(
                    Instant.EPOCH, day.atStartOfDay(zone).toInstant());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Calendar calendar && calendar.unit == unit && calendar.zone.equals(zone);
        }

        @Override
        public int hashCode() {
            return 31 * unit.hashCode() + zone.hashCode();
        }
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.Periods;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** When a period ends, found by walking from day to day. */
final class Almanac {
    private Almanac() {}

    static long end(Periods periods, long micros) {
        if (periods instanceof Periods.Every every) {
            return (micros / every.micros() + 1) * every.micros();
        }
        String[] id = periods.id().split("/", 2);
        ZoneId zone = ZoneId.of(id[1]);
        LocalDate day =
                Instant.EPOCH.plus(micros, ChronoUnit.MICROS).atZone(zone).toLocalDate();
        do {
            day = day.plusDays(1);
        } while (!begins(id[0], day));
        return ChronoUnit.MICROS.between(Instant.EPOCH, day.atStartOfDay(zone).toInstant());
    }

    private static boolean begins(String unit, LocalDate day) {
        return switch (unit) {
            case "days" -> true;
            case "weeks" -> day.getDayOfWeek() == DayOfWeek.MONDAY;
            case "months" -> day.getDayOfMonth() == 1;
            default -> throw new IllegalArgumentException(unit);
        };
    }
}

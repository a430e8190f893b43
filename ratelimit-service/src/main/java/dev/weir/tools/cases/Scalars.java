package dev.weir.tools.cases;

import dev.weir.config.YamlValue;
import dev.weir.policy.Window;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the numbers, spans and times of case files. Every method that reads returns null after adding a problem. */
final class Scalars {
    private static final Pattern MILLIS = Pattern.compile("([1-9][0-9]{0,8})ms");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private static final OffsetDateTime EPOCH = OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);
    private static final OffsetDateTime END = EPOCH.withYear(2200);

    /** The first time that no case may reach, in microseconds since the epoch. */
    static final long END_MICROS = micros(END);

    private Scalars() {}

    static boolean isWhole(String text) {
        return WHOLE.matcher(text).matches();
    }

    static @Nullable Long whole(YamlValue value, long least, long most) {
        String text = value.asText();
        if (text == null) {
            return null;
        }
        if (isWhole(text)) {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        }
        value.problem("`" + text + "` is not a whole number from " + least + " to " + most);
        return null;
    }

    /** Reads a span, in microseconds. */
    static @Nullable Long span(YamlValue value) {
        String text = value.asText();
        if (text == null) {
            return null;
        }
        Matcher millis = MILLIS.matcher(text);
        if (millis.matches()) {
            return 1_000 * Long.parseLong(millis.group(1));
        }
        Optional<Window> window = Window.parse(text);
        if (window.isPresent() && window.get() instanceof Window.Length length) {
            return length.micros();
        }
        value.problem("`" + text + "` is not a span from 1ms to 31d; write for example 500ms, 30s, 5m, 1h or 1d");
        return null;
    }

    static @Nullable OffsetDateTime time(YamlValue value) {
        String text = value.asText();
        if (text == null) {
            return null;
        }
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (!time.isBefore(EPOCH) && time.isBefore(END)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Reported below, like a time that is out of range.
        }
        value.problem("`" + text + "` is not a time from 1970 to 2199; write for example 2026-01-05T09:00:00+01:00");
        return null;
    }

    /** Returns the microseconds since the epoch. */
    static long micros(OffsetDateTime time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }
}

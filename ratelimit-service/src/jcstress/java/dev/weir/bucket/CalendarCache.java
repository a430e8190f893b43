package dev.weir.bucket;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two who ask a calendar for different days each get their own, although it remembers only one.
 *
 * <p>{@code mvn test -Pjcstress -pl ratelimit-service -am -Djcstress.tests=CalendarCache}
 */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "Each has the day it asked for.")
@State
public class CalendarCache {
    private static final long TODAY = ManualClock.START;
    private static final long TOMORROW = TODAY + 86_400_000_000L;

    private final Periods days = new Periods.Calendar(ChronoUnit.DAYS, ZoneOffset.UTC);

    @Actor
    public void today(ZZ_Result seen) {
        days.at(TODAY);
        seen.r1 = days.at(TODAY).holds(TODAY);
    }

    @Actor
    public void tomorrow(ZZ_Result seen) {
        days.at(TOMORROW);
        seen.r2 = days.at(TOMORROW).holds(TOMORROW);
    }
}

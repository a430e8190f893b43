package dev.weir.dropin.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long to wait before each further try: twice as long each time, up to a bound, until all of it has taken too long. */
public final class Patience {
    private final ReferenceEnvironment.Startup startup;
    private Duration pause;
    private static final Duration SHORTEST = Duration.ofMillis(10);

    private Duration waited = Duration.ZERO;

    public Patience(ReferenceEnvironment.Startup startup) {
        this.startup = startup;
        this.pause = longer(shorter(startup.first(), startup.most()), SHORTEST);
    }

    /** The next pause, or null where there is to be none. */
    public @Nullable Duration next() {
        if (!startup.longest().isZero() && waited.compareTo(startup.longest()) >= 0) {
            return null;
        }
        Duration now = pause;
        waited = waited.plus(now);
        pause = longer(shorter(now.multipliedBy(2), startup.most()), SHORTEST);
        return now;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

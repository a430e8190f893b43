package dev.weir.tools.cases;

import dev.weir.config.Location;
import dev.weir.request.Descriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that happens in a case. */
sealed interface Step {
    /**
     * A call, or many of the same kind.
     *
     * @param times the number of calls, at least 1
     * @param everyMicros the time between two of them
     * @param as the name under which their reservations are kept; null where they are not
     * @param expected null where nothing is expected
     */
    record Send(
            List<Descriptor> descriptors,
            int times,
            long everyMicros,
            @Nullable String as,
            @Nullable Expectation expected)
            implements Step {
        public Send {
            descriptors = List.copyOf(descriptors);
        }
    }

    record Wait(long micros) implements Step {}

    /**
     * The end of what was sent under a name.
     *
     * @param tokens what each call used; null where nothing is known and the estimate stays
     */
    record End(Location place, String of, @Nullable Long tokens) implements Step {}
}

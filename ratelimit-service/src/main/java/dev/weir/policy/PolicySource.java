package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** The source of the policy, at the start and whenever it changes. */
public sealed interface PolicySource {
    /** Files, which a reloader looks at again and again. */
    record Files(Reloader<Policy> files) implements PolicySource {}

    /** A sender of policies, which may come at any time. Thread-safe. */
    non-sealed interface Sent extends PolicySource, AutoCloseable {
        /**
         * Begins to listen and, if configured to, waits for the first policy.
         *
         * @throws ConfigException if nothing can ever come from there
         * @throws IOException if waiting was in vain
         */
        void start() throws ConfigException, IOException;

        /** Returns the latest policy; before the first, one that knows no domain, so that calls fail instead of passing. */
        Policy latest();

        boolean hasPolicy();

        /**
         * Hands over policies that come from now on, and the latest if it is another than {@code since}.
         *
         * @param since the policy that is in use already
         * @param refused hears of policies that cannot be used
         */
        void useBy(Policy since, Consumer<Policy> changed, Consumer<List<Problem>> refused);

        @Override
        void close();
    }
}

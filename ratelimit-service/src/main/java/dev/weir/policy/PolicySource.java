package dev.weir.policy;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.config.Reloader;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Where the policy comes from, at the start and whenever it changes. */
public sealed interface PolicySource {
    /** Files, which are looked at again and again. */
    record Files(Reloader<Policy> files) implements PolicySource {}

    /** Somebody who sends policies when it suits them. Thread-safe. */
    non-sealed interface Sent extends PolicySource, AutoCloseable {
        /**
         * Begins to listen and, where it was told to, waits for the first policy.
         *
         * @throws ConfigException if nothing can ever come from there
         * @throws IOException if waiting was in vain
         */
        void start() throws ConfigException, IOException;

        /** What there is by now; before the first policy one that knows no domain, so that calls fail instead of passing. */
        Policy latest();

        boolean hasPolicy();

        /**
         * Hands over what comes from now on, and what came since.
         *
         * @param since what is used already
         * @param refused hears of policies that cannot be used
         */
        void useBy(Policy since, Consumer<Policy> changed, Consumer<List<Problem>> refused);

        @Override
        void close();
    }
}

package dev.weir.server;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.Policy;
import dev.weir.xds.XdsClient;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The policies of a management server: kept until there is somebody to use them, handed over as they come afterwards. */
final class XdsPolicies implements AutoCloseable {
    private final XdsClient client;
    /** Read without the lock as well: who asks may hold another, which a policy on its way waits for. */
    private volatile @Nullable Policy latest;

    private @Nullable Consumer<Policy> user;
    private @Nullable Consumer<List<Problem>> told;
    /** What was wrong with the last one, until somebody is told. */
    private List<Problem> untold = List.of();

    private XdsPolicies(PolicyPlace.Server place) {
        client = new XdsClient(place.server(), place.settings(), this::changed, this::refused);
    }

    /**
     * Asks the server and, where the settings say so, waits for its first policy.
     *
     * @throws ConfigException if it can never be asked
     * @throws IOException if waiting was in vain
     */
    static XdsPolicies start(PolicyPlace.Server place) throws ConfigException, IOException {
        XdsPolicies policies = new XdsPolicies(place);
        policies.client.start();
        if (place.server().waits() && !policies.client.awaitPolicy()) {
            policies.close();
            throw new IOException("no policy came from the management server "
                    + place.server().server());
        }
        return policies;
    }

    /** What there is by now; before the first policy one that knows no domain, so that calls fail instead of passing. */
    Policy latest() {
        Policy known = latest;
        return known == null ? new Policy(Map.of()) : known;
    }

    boolean hasPolicy() {
        return latest != null;
    }

    /**
     * Hands over what comes from now on, and what came since.
     *
     * @param since what is used already
     */
    synchronized void useBy(Policy since, Consumer<Policy> changed, Consumer<List<Problem>> refused) {
        user = changed;
        told = refused;
        Policy known = latest;
        if (known != null && !known.equals(since)) {
            changed.accept(known);
        }
        if (!untold.isEmpty()) {
            refused.accept(untold);
            untold = List.of();
        }
    }

    private synchronized void changed(Policy policy) {
        Policy before = latest;
        latest = policy;
        try {
            if (user != null) {
                user.accept(policy);
            }
        } catch (RuntimeException e) {
            latest = before;
            throw e;
        }
    }

    private synchronized void refused(List<Problem> problems) {
        if (told == null) {
            untold = problems;
        } else {
            told.accept(problems);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}

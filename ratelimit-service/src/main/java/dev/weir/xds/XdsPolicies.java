package dev.weir.xds;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import dev.weir.policy.PolicySource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps the policies of a management server until somebody uses them, and from then on hands them over as they come. */
public final class XdsPolicies implements PolicySource.Sent {
    private final XdsSettings server;
    private final XdsClient client;
    /** The latest policy, read without the lock as well: a reader may hold another, which a policy on its way waits for. */
    private volatile @Nullable Policy latest;

    private @Nullable Consumer<Policy> user;
    private @Nullable Consumer<List<Problem>> told;
    /** The problems of the last policy that was refused, until somebody is told. */
    private List<Problem> untold = List.of();

    /** @param settings how domains of the dialect count and answer */
    public XdsPolicies(XdsSettings server, DescriptorSettings settings) {
        this.server = server;
        client = new XdsClient(server, settings, this::changed, this::refused);
    }

    @Override
    public void start() throws ConfigException, IOException {
        client.start();
        if (server.waits() && !client.awaitPolicy()) {
            close();
            throw new IOException("no policy came from the management server " + server.server());
        }
    }

    @Override
    public Policy latest() {
        Policy known = latest;
        return known == null ? new Policy(Map.of()) : known;
    }

    @Override
    public boolean hasPolicy() {
        return latest != null;
    }

    @Override
    public synchronized void useBy(Policy since, Consumer<Policy> changed, Consumer<List<Problem>> refused) {
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

package dev.weir.server;

import dev.weir.admin.Resource;
import dev.weir.decide.DecisionListener;
import dev.weir.envoy.ratelimit.RateLimitEndpoint;
import dev.weir.policy.Policy;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Adds to what a server does by itself, so that it can stand in another's place. */
public interface Extension {
    /** An extension that adds nothing. */
    Extension NONE = new Extension() {};

    /** Returns whether the server starts with a policy that cannot be used, and then fails every call until one can. */
    default boolean startsWithoutPolicy() {
        return false;
    }

    /** Returns whether the server is healthy only with a policy that has a domain. */
    default boolean needsDomain() {
        return false;
    }

    /** Returns the name of the setting that says where Redis is. */
    default String redisSetting() {
        return "--redis";
    }

    /** Returns meters that count by other names as well; null where nobody asked for it. */
    default @Nullable Meters meters() {
        return null;
    }

    /** Returns further pages of the admin port, by their paths. */
    default Map<String, Resource> adminPages(BooleanSupplier ready, RateLimitEndpoint calls) {
        return Map.of();
    }

    /**
     * Returns further ports of HTTP.
     *
     * @param metrics the page for Prometheus
     */
    default List<Port> ports(Supplier<Policy> policy, Supplier<String> metrics) {
        return List.of();
    }

    /** A port and its pages, by path. */
    record Port(InetSocketAddress address, Map<String, Resource> pages) {
        /** Copies the map. */
        public Port {
            pages = Map.copyOf(pages);
        }
    }

    /** Keeps metrics by other names. Thread-safe. */
    interface Meters extends DecisionListener {
        /** Counts a policy that has come into force. */
        void policyLoaded();

        /** Counts a policy that cannot be used. */
        void policyRefused();

        /** Returns the metrics as Prometheus reads them. */
        String page();
    }
}

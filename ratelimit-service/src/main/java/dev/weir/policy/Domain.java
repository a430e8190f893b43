package dev.weir.policy;

import java.util.List;

/**
 * The limits that Envoy asks for under one name.
 *
 * @param limits in tier order, and within a tier as written
 */
public record Domain(String name, List<Limit> limits, LimitIndex index) {
    public Domain(String name, List<Limit> limits) {
        this(name, List.copyOf(limits), new LimitIndex(limits));
    }
}

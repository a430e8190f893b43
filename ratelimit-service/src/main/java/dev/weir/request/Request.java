package dev.weir.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of Envoy's that asks for room for some descriptors, the settlement of some reservations, or both.
 *
 * @param id the HTTP request's id, for the records; null where Envoy sends none
 */
public record Request(String domain, @Nullable String id, List<Descriptor> descriptors, List<Settlement> settlements) {}

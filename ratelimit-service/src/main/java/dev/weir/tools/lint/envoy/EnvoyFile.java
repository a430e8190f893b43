package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an Envoy configuration that concern rate limits.
 *
 * @param authorizes whether there is an ext_authz filter that may ask Weir, recognisably or not
 * @param clusters those that the file has, by name; not all that exist if it is only a part
 * @param formatsValues whether {@code %COMMANDS%} work in the values of descriptors; null where the file cannot say
 */
record EnvoyFile(
        String name,
        List<Chain> chains,
        boolean authorizes,
        Map<String, EnvoyMessage> clusters,
        @Nullable Boolean formatsValues) {
    /** Returns the place of the file as a whole. */
    Location place() {
        return Location.of(name);
    }

    Stream<RateLimitFilter> filters() {
        return chains.stream().flatMap(chain -> chain.filters().stream());
    }

    /** Returns the cluster that a {@code grpc_service} names, or null where it names none or the file lacks it. */
    @Nullable
    EnvoyMessage cluster(@Nullable EnvoyMessage grpcService) {
        EnvoyMessage envoyGrpc = grpcService == null ? null : grpcService.block("envoy_grpc");
        String cluster = envoyGrpc == null ? null : envoyGrpc.text("cluster_name");
        return cluster == null ? null : clusters.get(cluster);
    }
}

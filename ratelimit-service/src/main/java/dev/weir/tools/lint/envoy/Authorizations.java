package dev.weir.tools.lint.envoy;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the ext_authz filters that ask Weir, since an Envoy may ask others for authorization too: those with the service of the limits,
 * else those whose metadata descriptors read, else, where the file has no ratelimit filter, the only one of a chain.
 */
final class Authorizations {
    private final Set<String> services;
    private final boolean limited;

    private Authorizations(Set<String> services, boolean limited) {
        this.services = services;
        this.limited = limited;
    }

    /** Returns the chains of a file, each with only the authorizations that are recognisably Weir's. */
    static List<Chain> onlyWeirs(List<Chain> chains) {
        Set<String> services = chains.stream()
                .flatMap(chain -> chain.filters().stream())
                .map(filter -> service(filter.grpcService()))
                .filter(service -> !service.isEmpty())
                .collect(Collectors.toSet());
        boolean limited = chains.stream().anyMatch(chain -> !chain.filters().isEmpty());
        Authorizations authorizations = new Authorizations(services, limited);
        return chains.stream()
                .map(chain -> chain.withAuthorizations(authorizations.weirs(chain)))
                .toList();
    }

    private List<EnvoyMessage> weirs(Chain chain) {
        List<EnvoyMessage> grpc = chain.authorizations().stream()
                .filter(Authorizations::mayAskWeir)
                .toList();
        List<EnvoyMessage> shared = grpc.stream()
                .filter(authorization -> services.contains(service(authorization.block("grpc_service"))))
                .toList();
        if (!shared.isEmpty()) {
            return shared;
        }
        boolean recognised = limited ? !grpc.isEmpty() && readsMetadata(chain) : grpc.size() == 1;
        return recognised ? grpc : List.of();
    }

    /** Returns whether a filter may ask Weir, which speaks gRPC only. */
    static boolean mayAskWeir(EnvoyMessage authorization) {
        return !authorization.has("http_service");
    }

    private static String service(@Nullable EnvoyMessage grpcService) {
        EnvoyMessage envoyGrpc = grpcService == null ? null : grpcService.block("envoy_grpc");
        EnvoyMessage googleGrpc = grpcService == null ? null : grpcService.block("google_grpc");
        if (envoyGrpc != null) {
            return envoyGrpc.text("cluster_name", "");
        }
        return googleGrpc == null ? "" : googleGrpc.text("target_uri", "");
    }

    private static boolean readsMetadata(Chain chain) {
        return chain.calls().stream()
                .flatMap(call -> call.entries().stream())
                .flatMap(entry -> entry.attributes().stream())
                .map(Attribute::metadataKey)
                .anyMatch(key -> key != null && key.namespace().equals(MetadataKey.EXT_AUTHZ));
    }
}

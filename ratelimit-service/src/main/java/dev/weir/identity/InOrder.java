package dev.weir.identity;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Asks one authenticator after the other, until one of them has found a credential of its kind. */
record InOrder(List<Authenticator> ways) implements Authenticator {
    @Override
    public CompletionStage<Identification> identify(Credentials credentials) {
        return from(0, credentials);
    }

    private CompletionStage<Identification> from(int next, Credentials credentials) {
        if (next == ways.size()) {
            return CompletableFuture.completedFuture(new Identification.NoCredential());
        }
        return ways.get(next)
                .identify(credentials)
                .thenCompose(identification -> identification instanceof Identification.NoCredential
                        ? from(next + 1, credentials)
                        : CompletableFuture.completedFuture(identification));
    }

    @Override
    public Set<String> attributes() {
        return ways.stream().flatMap(way -> way.attributes().stream()).collect(Collectors.toUnmodifiableSet());
    }
}

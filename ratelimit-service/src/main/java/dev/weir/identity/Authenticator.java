package dev.weir.identity;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A way to tell whose a request is. Thread-safe, and never blocks. */
public interface Authenticator {
    /**
     * Says whose the credentials are.
     *
     * @return already completed where nobody else has to be asked; fails where it cannot be told
     */
    CompletionStage<Identification> identify(Credentials credentials);

    /** Asks one after the other, until one of them has found a credential of its kind. */
    static Authenticator inOrder(List<Authenticator> ways) {
        List<Authenticator> inOrder = List.copyOf(ways);
        return credentials -> from(inOrder, 0, credentials);
    }

    private static CompletionStage<Identification> from(List<Authenticator> ways, int next, Credentials credentials) {
        if (next == ways.size()) {
            return CompletableFuture.completedFuture(new Identification.NoCredential());
        }
        return ways.get(next)
                .identify(credentials)
                .thenCompose(identification -> identification instanceof Identification.NoCredential
                        ? from(ways, next + 1, credentials)
                        : CompletableFuture.completedFuture(identification));
    }
}

package dev.weir.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers requests for a path. */
@FunctionalInterface
public interface Resource {
    /**
     * Answers a request for it.
     *
     * @param query as it stands in the URL; null where there is none
     * @param body empty where there is none
     */
    CompletionStage<Page> answer(@Nullable String query, byte[] body);

    /**
     * Says whether it is answered on the listener's own thread, at once, however busy the listener is. Such a resource must neither block
     * nor compute.
     */
    default boolean isProbe() {
        return false;
    }

    /** Makes a resource that answers at once; its page must neither wait nor be long in the making. */
    static Resource probe(Supplier<Page> page) {
        return new Resource() {
            @Override
            public CompletionStage<Page> answer(@Nullable String query, byte[] body) {
                return CompletableFuture.completedFuture(page.get());
            }

            @Override
            public boolean isProbe() {
                return true;
            }
        };
    }

    /** Makes a resource that does not depend on the request. */
    static Resource of(Supplier<Page> page) {
        return (query, body) -> CompletableFuture.completedFuture(page.get());
    }

    /**
     * Makes one page for all who ask while it is being made, so that it costs the same for many as for one. It may have been begun a moment
     * before it was asked for.
     */
    static Resource shared(Supplier<Page> page) {
        AtomicReference<@Nullable CompletableFuture<Page>> making = new AtomicReference<>();
        return (query, body) -> {
            CompletableFuture<Page> mine = new CompletableFuture<>();
            CompletableFuture<Page> theirs = making.compareAndExchange(null, mine);
            if (theirs != null) {
                return theirs;
            }
            try {
                mine.complete(page.get());
            } catch (Throwable e) {
                // Whatever it is, the others wait for it.
                mine.completeExceptionally(e);
            } finally {
                making.set(null);
            }
            return mine;
        };
    }

    /** @param page makes the answer from the query, which may be null */
    static Resource ofQuery(Function<@Nullable String, CompletionStage<Page>> page) {
        return (query, body) -> page.apply(query);
    }
}

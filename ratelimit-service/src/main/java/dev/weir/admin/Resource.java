package dev.weir.admin;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What answers at a path. */
@FunctionalInterface
public interface Resource {
    /**
     * The answer to a request for it.
     *
     * @param query as it stands in the URL; null where there is none
     * @param body empty where there is none
     */
    CompletionStage<Page> answer(@Nullable String query, byte[] body);

    /** One that is made from nothing that is asked. */
    static Resource of(Supplier<Page> page) {
        return (query, body) -> CompletableFuture.completedFuture(page.get());
    }

    /** @param page makes the answer from the query, which may be null */
    static Resource ofQuery(Function<@Nullable String, Page> page) {
        return (query, body) -> CompletableFuture.completedFuture(page.apply(query));
    }
}

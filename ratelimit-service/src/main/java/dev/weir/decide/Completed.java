package dev.weir.decide;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What is there already. With buckets in memory it always is, and then no stage need be made for what comes next. */
public final class Completed {
    private Completed() {}

    /** What a stage has come to; null where it has not, or has failed. */
    public static <T> @Nullable T value(CompletionStage<T> stage) {
        return stage instanceof CompletableFuture<T> future && future.isDone() && !future.isCompletedExceptionally()
                ? future.join()
                : null;
    }
}

package dev.weir.decide;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Reads stages that have already completed. With buckets in memory they always have, so no stage need be made for what comes next. */
public final class Completed {
    private Completed() {}

    /** Returns what a stage has completed with; null where it has not completed, or has failed. */
    public static <T> @Nullable T value(CompletionStage<T> stage) {
        return stage instanceof CompletableFuture<T> future && future.isDone() && !future.isCompletedExceptionally()
                ? future.join()
                : null;
    }
}

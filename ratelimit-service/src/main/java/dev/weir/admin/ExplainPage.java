package dev.weir.admin;

import com.google.gson.JsonObject;
import dev.weir.bucket.Buckets;
import dev.weir.decide.Explainer;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /explain?domain=llm&attribute=user%3Dalice&attribute=...}: which limits such a request meets now, and how full they are.
 * The domain may be left out where there is only one.
 */
public final class ExplainPage {
    private static final long PATIENCE_SECONDS = 5;

    private final Supplier<Policy> policy;
    private final Buckets buckets;

    public ExplainPage(Supplier<Policy> policy, Buckets buckets) {
        this.policy = policy;
        this.buckets = buckets;
    }

    /** @param query as it stands in the URL; null where there is none */
    CompletionStage<Page> page(@Nullable String query) {
        Query asked;
        try {
            asked = Query.of(query);
        } catch (IllegalArgumentException e) {
            return CompletableFuture.completedFuture(problem(400, String.valueOf(e.getMessage())));
        }
        Policy current = policy.get();
        Domain domain = current.domainOrOnly(asked.domain());
        return domain == null
                ? CompletableFuture.completedFuture(unknown(asked.domain(), current))
                : explain(domain, asked.attributes());
    }

    private static Page unknown(@Nullable String domain, Policy policy) {
        String names =
                String.join(", ", policy.domains().keySet().stream().sorted().toList());
        return problem(
                404,
                domain == null
                        ? "the policy has several domains; say which of " + names
                        : "the policy has no domain `" + domain + "`; it has " + names);
    }

    private CompletionStage<Page> explain(Domain domain, Attributes attributes) {
        return Explainer.explain(domain, attributes, buckets)
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .handleAsync((explanation, failure) -> failure == null
                        ? new Page(200, Page.JSON, ExplanationJson.of(explanation) + "\n")
                        : problem(503, words(failure)));
    }

    private static String words(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "the store does not answer";
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return "the store cannot be asked: " + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private static Page problem(int status, String problem) {
        JsonObject json = new JsonObject();
        json.addProperty("problem", problem);
        return new Page(status, Page.JSON, json + "\n");
    }
}

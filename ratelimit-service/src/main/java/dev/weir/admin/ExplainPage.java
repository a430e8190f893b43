package dev.weir.admin;

import com.google.gson.JsonObject;
import dev.weir.bucket.Buckets;
import dev.weir.decide.Explainer;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /explain?domain=llm&attribute=user%3Dalice&attribute=...}: which limits such a request meets now, and how full they are. The
 * domain may be left out where there is only one.
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
    Page page(@Nullable String query) {
        Query asked;
        try {
            asked = Query.of(query);
        } catch (IllegalArgumentException e) {
            return problem(400, String.valueOf(e.getMessage()));
        }
        Policy current = policy.get();
        Domain domain = current.domainOrOnly(asked.domain());
        if (domain == null) {
            String names = String.join(
                    ", ", current.domains().keySet().stream().sorted().toList());
            return problem(
                    404,
                    asked.domain() == null
                            ? "the policy has several domains; say which of " + names
                            : "the policy has no domain `" + asked.domain() + "`; it has " + names);
        }
        return explain(domain, asked.attributes());
    }

    private Page explain(Domain domain, Attributes attributes) {
        try {
            return new Page(
                    200,
                    Page.JSON,
                    ExplanationJson.of(Explainer.explain(domain, attributes, buckets)
                                    .toCompletableFuture()
                                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                            + "\n");
        } catch (ExecutionException e) {
            return problem(503, "the store cannot be asked: " + words(e));
        } catch (TimeoutException e) {
            return problem(503, "the store does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem(503, "the service is leaving");
        }
    }

    private static String words(ExecutionException e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
    }

    private static Page problem(int status, String problem) {
        JsonObject json = new JsonObject();
        json.addProperty("problem", problem);
        return new Page(status, Page.JSON, json + "\n");
    }
}

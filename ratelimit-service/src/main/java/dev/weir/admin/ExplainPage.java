package dev.weir.admin;

import com.google.gson.JsonObject;
import dev.weir.bucket.Buckets;
import dev.weir.decide.Explainer;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
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
    AdminServer.Page page(@Nullable String query) {
        String name = null;
        List<String> namesAndValues = new ArrayList<>();
        try {
            for (String part : query == null ? new String[0] : query.split("&", -1)) {
                int equals = part.indexOf('=');
                String key = equals < 0 ? part : part.substring(0, equals);
                String value = equals < 0 ? "" : URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
                int separator = value.indexOf('=');
                if (key.equals("domain")) {
                    name = value;
                } else if (key.equals("attribute") && separator > 0) {
                    namesAndValues.add(value.substring(0, separator));
                    namesAndValues.add(value.substring(separator + 1));
                } else {
                    return problem(400, "`" + part + "` is neither domain=NAME nor attribute=NAME%3DVALUE");
                }
            }
        } catch (IllegalArgumentException e) {
            return problem(400, "the query is not percent-encoded: " + e.getMessage());
        }
        Policy current = policy.get();
        Domain domain = name != null
                ? current.domain(name)
                : current.domains().size() == 1
                        ? current.domains().values().iterator().next()
                        : null;
        if (domain == null) {
            return problem(
                    404,
                    (name == null ? "say which domain" : "the policy has no domain `" + name + "`") + "; it has "
                            + String.join(
                                    ", ",
                                    current.domains().keySet().stream().sorted().toList()));
        }
        return explain(domain, Attributes.of(namesAndValues.toArray(String[]::new)));
    }

    private AdminServer.Page explain(Domain domain, Attributes attributes) {
        try {
            return new AdminServer.Page(
                    200,
                    AdminServer.JSON,
                    ExplanationJson.of(Explainer.explain(domain, attributes, buckets)
                                    .toCompletableFuture()
                                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                            + "\n");
        } catch (ExecutionException | CompletionException e) {
            return problem(503, "the store cannot be asked: " + e.getCause());
        } catch (TimeoutException e) {
            return problem(503, "the store does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return problem(503, "the service is leaving");
        }
    }

    private static AdminServer.Page problem(int status, String problem) {
        JsonObject json = new JsonObject();
        json.addProperty("problem", problem);
        return new AdminServer.Page(status, AdminServer.JSON, json + "\n");
    }
}

package dev.weir.refusal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weir.bucket.BucketStatus;
import dev.weir.decide.Decisions;
import dev.weir.decide.LimitStatus;
import dev.weir.decide.RefusalReason;
import dev.weir.policy.Limit;
import dev.weir.policy.Policies;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.util.ArrayList;
import java.util.List;

/** Decisions about users, and what a reader of their records finds. */
final class Refused {
    private static final List<Limit> LIMITS = Policies.domain("""
                    domain: llm
                    limits:
                      - {name: user, tier: user, per: [user], allow: 20 requests / 1m}
                      - {name: all, tier: global, per: [], allow: 900 requests / 1m}
                    """).limits();

    private Refused() {}

    static LimitStatus standing(String limit, long asked) {
        Limit found = LIMITS.stream()
                .filter(known -> known.name().equals(limit))
                .findFirst()
                .orElseThrow();
        return new LimitStatus(found, 0, asked, new BucketStatus(20, 1, 1));
    }

    static void by(RefusalLog log, String limit, String user) {
        LimitStatus by = standing(limit, 1);
        log.decided(request(user), Decisions.refused(RefusalReason.OVER_LIMIT, by, List.of(by), 1, "No."), 1);
    }

    static void admit(RefusalLog log, String... limits) {
        List<LimitStatus> standings = new ArrayList<>();
        for (String limit : limits) {
            standings.add(standing(limit, 1));
        }
        log.decided(request("alice"), Decisions.allowed(standings, null), 1);
    }

    private static Request request(String user) {
        return new Request("llm", null, List.of(new Descriptor(Attributes.of("user", user), 1)), List.of());
    }

    /** Every line as JSON; fails where one is not. */
    static List<JsonObject> records(List<String> lines) {
        return lines.stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    static long sum(List<JsonObject> records, String field) {
        return records.stream()
                .mapToLong(record -> record.get(field).getAsLong())
                .sum();
    }
}

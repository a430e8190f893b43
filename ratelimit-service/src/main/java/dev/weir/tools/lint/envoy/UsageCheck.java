package dev.weir.tools.lint.envoy;

import dev.weir.config.Problems;
import dev.weir.policy.Policy;
import dev.weir.request.ReservedNames;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks whether settlements carry the tokens that were used, and nothing else in their place. */
final class UsageCheck {
    private static final BigDecimal SENTINEL = new BigDecimal(ReservedNames.USAGE_UNKNOWN);

    private final Policy policy;
    private final Problems problems;

    UsageCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            chain.entriesByDomain().forEach((domain, entries) -> {
                if (Held.by(policy.domain(domain)).tokens()) {
                    entries.stream()
                            .filter(entry -> entry.reports("settle"))
                            .forEach(entry -> checkSettlement(entry, chain));
                }
            });
        }
    }

    private void checkSettlement(Entry entry, Chain chain) {
        EnvoyMessage hits = entry.block().block("hits_addend");
        if (hits == null) {
            problems.add(entry.block()
                    .problem(
                            EnvoyRules.NO_USAGE,
                            "`hits_addend` is missing, so Weir never learns what was used; add for example"
                                    + " `hits_addend: {format: \"%DYNAMIC_METADATA(llm:total_tokens)%\"}`"));
            return;
        }
        String format = hits.text("format", "");
        List<MetadataKey> references = HitsFormat.references(format);
        if (references.isEmpty()) {
            return;
        }
        if (references.stream().allMatch(chain.metadata()::neverHas)) {
            problems.add(hits.problem(
                    EnvoyRules.UNWRITTEN_METADATA,
                    "no filter here writes `" + references.get(0)
                            + "`, so Envoy drops every settlement; correct the name, or add json_to_metadata"));
        } else if (!chain.metadata().opaque()) {
            if (!format.contains(SENTINEL.toPlainString())) {
                checkSentinel(entry, references, chain.metadata());
            }
            checkStreams(entry, chain);
        }
        references.forEach(reference -> checkOverwriting(chain.metadata().of(reference)));
    }

    private void checkSentinel(Entry entry, List<MetadataKey> references, Metadata metadata) {
        List<Write> initial = references.stream()
                .flatMap(reference -> metadata.of(reference).stream())
                .filter(write -> write.source() == Write.Source.CONFIGURATION)
                .toList();
        if (initial.stream().anyMatch(write -> isSentinel(write.value()))) {
            return;
        }
        EnvoyMessage at = initial.isEmpty() ? entry.block() : initial.get(0).block();
        problems.add(at.problem(
                EnvoyRules.USAGE_SENTINEL,
                "an answer that does not report its usage must keep its estimate; let set_metadata write " + SENTINEL
                        + " to `" + references.get(0) + "` before the usage is read"));
    }

    private void checkOverwriting(List<Write> writes) {
        for (Write write : writes) {
            boolean fallback =
                    write.source() == Write.Source.RESPONSE && !write.on().equals("on_present");
            if (fallback && !write.block().isTrue("preserve_existing_metadata_value") && !isSentinel(write.value())) {
                problems.add(write.block()
                        .problem(
                                EnvoyRules.USAGE_SENTINEL,
                                "`" + write.on()
                                        + "` writes over what stands for a missing usage, even for other content types;"
                                        + " remove it"));
            }
        }
    }

    private void checkStreams(Entry entry, Chain chain) {
        if (chain.streamReaders().isEmpty()) {
            problems.add(
                    entry.block()
                            .problem(
                                    EnvoyRules.STREAM_USAGE,
                                    "no filter here reads the usage of streamed answers, so they keep their estimate; add sse_to_metadata"));
        }
        for (EnvoyMessage reader : chain.streamReaders()) {
            EnvoyMessage rules = reader.block("response_rules");
            if (rules != null && !rules.has("max_event_size")) {
                problems.add(rules.problem(
                        EnvoyRules.STREAM_USAGE,
                        "an event above 8192 bytes is skipped, and its usage with it; add `max_event_size: 262144`"));
            }
        }
    }

    private static boolean isSentinel(@Nullable String value) {
        return value != null
                && value.matches("[0-9]{1,12}([.][0-9]{1,6})?(e[0-9])?")
                && new BigDecimal(value).compareTo(SENTINEL) == 0;
    }
}

package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Spelling;
import dev.weir.measure.Measure;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.ReservedNames;
import java.util.Arrays;
import java.util.List;

/** Checks whether the end of requests is reported in a way that Weir can read. */
final class SettlementCheck {
    private static final List<String> MEASURES = Arrays.stream(Measure.values())
            .filter(measure -> measure != Measure.PARALLEL && measure != Measure.REQUESTS)
            .map(Measure::word)
            .toList();
    private static final List<String> EVENTS = List.of("settle", "release");

    private final Policy policy;

    private final Problems problems;

    SettlementCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        for (Chain chain : file.chains()) {
            chain.entriesByDomain().forEach((domain, entries) -> {
                Domain known = policy.domain(domain);
                if (known != null) {
                    entries.stream().filter(Entry::isReport).forEach(entry -> {
                        checkComplete(entry);
                        checkMeasure(entry);
                        checkSource(entry, known, chain);
                    });
                    checkPieces(Held.by(known), domain, entries, chain.place(domain));
                }
            });
            checkUnnamed(chain);
        }
    }

    /** Checks a domain that no ratelimit filter names: what authorization admits is held even then. */
    private void checkUnnamed(Chain chain) {
        List<Domain> admitting = policy.domains().values().stream()
                .filter(domain -> domain.settings().admit())
                .toList();
        // Where there are several, the route decides which one is meant.
        if (admitting.size() == 1 && !chain.authorizations().isEmpty()) {
            Domain domain = admitting.get(0);
            if (!chain.names(domain.name())) {
                checkPieces(
                        Held.by(domain),
                        domain.name(),
                        List.of(),
                        chain.authorizations().get(0).place());
            }
        }
    }

    private void checkPieces(Held held, String domain, List<Entry> entries, Location place) {
        boolean unknown = entries.stream().anyMatch(entry -> entry.onStreamDone() && entry.open());
        boolean settles = entries.stream().anyMatch(entry -> entry.reports("settle"));
        boolean releases = entries.stream().anyMatch(entry -> entry.reports("release"));
        if (held.nothing() || unknown) {
            return;
        }
        if (held.tokens() && !settles) {
            problems.add(new Problem(
                    place,
                    EnvoyRules.NO_SETTLEMENT,
                    "domain `" + domain
                            + "` limits tokens, and no item here with `apply_on_stream_done` reports what was used; add"
                            + " one with `hits_addend`, `weir.reservation` and `weir.event: settle`"));
        }
        if (!releases && (held.parallel() || settles)) {
            problems.add(
                    new Problem(
                            place,
                            EnvoyRules.NO_RELEASE,
                            "no item here with `apply_on_stream_done` releases what requests of domain `" + domain
                                    + "` hold; add one with `weir.reservation` and `weir.event: release`, without `hits_addend`"));
        }
        if (held.tokens()) {
            entries.stream()
                    .filter(entry -> entry.reports("settle") && entry.attribute(ReservedNames.RESPONSE_CODE) == null)
                    .forEach(entry -> problems.add(entry.block()
                            .problem(
                                    EnvoyRules.NO_RESPONSE_CODE,
                                    "a 429 or 5xx without usage keeps its estimate; add `generic_key: {descriptor_key: "
                                            + ReservedNames.RESPONSE_CODE
                                            + ", descriptor_value: \"%RESPONSE_CODE%\"}`")));
        }
    }

    private void checkComplete(Entry entry) {
        if (entry.attribute(ReservedNames.RESERVATION) == null) {
            incomplete(
                    entry,
                    "`" + ReservedNames.EVENT + "` without `" + ReservedNames.RESERVATION
                            + "` is taken for a new request; add the reservation");
            return;
        }
        if (!entry.onStreamDone()) {
            incomplete(
                    entry, "a request would be settled before it has been answered; add `apply_on_stream_done: true`");
        }
        Attribute event = entry.attribute(ReservedNames.EVENT);
        if (event == null) {
            incomplete(
                    entry,
                    "`" + ReservedNames.RESERVATION + "` without `" + ReservedNames.EVENT
                            + "` fails the call; add a generic_key with settle or" + " release");
        } else if (event.fixed() != null && !EVENTS.contains(event.fixed())) {
            incomplete(entry, Spelling.unknown("`" + ReservedNames.EVENT + "`", event.fixed(), EVENTS));
        }
    }

    private void checkMeasure(Entry entry) {
        Attribute measure = entry.attribute(ReservedNames.MEASURE);
        if (measure != null && measure.fixed() != null && !MEASURES.contains(measure.fixed())) {
            problems.add(measure.fields()
                    .problem(
                            EnvoyRules.UNKNOWN_MEASURE,
                            Spelling.unknown("`" + ReservedNames.MEASURE + "`", measure.fixed(), MEASURES)));
        }
    }

    private void incomplete(Entry entry, String message) {
        problems.add(entry.block().problem(EnvoyRules.REPORT_INCOMPLETE, message));
    }

    private void checkSource(Entry entry, Domain domain, Chain chain) {
        Attribute reservation = entry.attribute(ReservedNames.RESERVATION);
        if (reservation == null) {
            return;
        }
        MetadataKey key = reservation.metadataKey();
        if (key == null
                || !key.key().equals(ReservedNames.METADATA_RESERVATION)
                || !isAnswer(key.namespace(), domain, chain)) {
            String right = domain.settings().admit() ? MetadataKey.EXT_AUTHZ : MetadataKey.RATE_LIMIT;
            elsewhere(
                    reservation,
                    "the reservation stands in the metadata `"
                            + new MetadataKey(right, ReservedNames.METADATA_RESERVATION) + "` and nowhere else, since "
                            + (domain.settings().admit()
                                    ? "external authorization admits"
                                    : "the ratelimit filter admits")
                            + "; read it from there");
        }
        if (reservation.optional() || reservation.fields().has("default_value")) {
            elsewhere(
                    reservation,
                    "without a reservation there is nothing to report, and this item is sent all the same; remove `"
                            + (reservation.optional() ? "skip_if_absent" : "default_value") + "`");
        }
    }

    private void elsewhere(Attribute reservation, String message) {
        problems.add(reservation.fields().problem(EnvoyRules.RESERVATION_SOURCE, message));
    }

    /** Returns whether the answers by which Weir admits requests of the domain go into this namespace. */
    private static boolean isAnswer(String namespace, Domain domain, Chain chain) {
        if (domain.settings().admit()) {
            return namespace.equals(MetadataKey.EXT_AUTHZ);
        }
        return namespace.equals(MetadataKey.RATE_LIMIT)
                || chain.filters().stream()
                        .anyMatch(filter -> namespace.equals(filter.block().text("metadata_namespace")));
    }
}

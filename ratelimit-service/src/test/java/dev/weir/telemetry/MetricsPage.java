package dev.weir.telemetry;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Settled;
import dev.weir.bucket.Usage;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.decide.Decisions;
import dev.weir.policy.Policies;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.testing.Await;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Prometheus sees.
 *
 * @param families by name, without what the parts of a histogram have at their end
 * @param series all lines that have a value
 */
record MetricsPage(Set<String> families, List<Series> series) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Series(String name, Map<String, String> labels, double value) {
        /** Of which family it is a part. */
        boolean isOf(String family) {
            return name.equals(family)
                    || (name.startsWith(family)
                            && name.substring(family.length()).matches("_bucket|_count|_sum"));
        }
    }

    static MetricsPage of(String text) {
        Set<String> families = text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        List<Series> series = text.lines()
                .filter(line -> !line.startsWith("#"))
                .map(MetricsPage::series)
                .toList();
        return new MetricsPage(families, series);
    }

    private static Series series(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new AssertionError("no sample: " + line);
        }
        Map<String, String> labels = new TreeMap<>();
        if (parts.group(2) != null) {
            Matcher label = LABEL.matcher(parts.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
        }
        return new Series(parts.group(1), labels, Double.parseDouble(parts.group(3)));
    }

    /** A page with all there is: of a service with its buckets in memory, and one with Redis, after some decisions. */
    static MetricsPage full() {
        try (Telemetry telemetry = new Telemetry(new Policy(Map.of()));
                MemoryBuckets buckets = new MemoryBuckets(100, () -> 0)) {
            telemetry.watch(buckets);
            telemetry.watch(() -> true, () -> false);
            telemetry.certificateEnds(Instant.EPOCH);
            telemetry.watchRefusals(() -> false, () -> 0);
            telemetry.load(Policies.of("""
                    domain: llm
                    limits:
                      - {name: user-requests, tier: user, per: [user], allow: 20 requests / 1m}
                    """), domain -> List.of("team"));
            telemetry.policyLoaded("1f2e");
            Request request = new Request(
                    "llm",
                    null,
                    List.of(new Descriptor(Attributes.of("user", "alice", "team", "search"), 1)),
                    List.of());
            telemetry.decided(request, Decisions.allowed(List.of(), "r-1"), 1);
            telemetry.timed(buckets).admit(new Admission(List.of(), null, 0));
            telemetry.timed(buckets).settle("r-1", Usage.of(1));
            telemetry.settled("llm", Settled.UNKNOWN);
            System.gc();
            Await.until("the first garbage collection", () -> telemetry.page().contains("jvm_gc_pause_seconds_sum"));
            return of(telemetry.page());
        }
    }

    /** The labels that the series of a family have. */
    Set<String> labels(String family) {
        return series.stream()
                .filter(one -> one.isOf(family))
                .flatMap(one -> one.labels().keySet().stream())
                .filter(label -> !label.equals("le"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values that a label of a series has. */
    Set<String> values(String name, String label) {
        return series.stream()
                .filter(one -> one.name().equals(name))
                .map(one -> one.labels().get(label))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The value of the only series that has all these labels: name, value, name, value ... */
    double value(String name, String... labels) {
        List<Series> found = series.stream()
                .filter(one -> one.name().equals(name) && has(one.labels(), labels))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(name + " " + List.of(labels) + " stands on the page as " + found);
        }
        return found.get(0).value();
    }

    private static boolean has(Map<String, String> all, String... labels) {
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].equals(all.get(labels[i]))) {
                return false;
            }
        }
        return true;
    }
}

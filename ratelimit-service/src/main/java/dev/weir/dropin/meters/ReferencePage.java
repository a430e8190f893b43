package dev.weir.dropin.meters;

import dev.weir.text.PrintableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Writes counters as envoyproxy/ratelimit shows them to Prometheus: those of limits with the domain and the first two parts of the key as
 * labels, the rest under its own name. They have no {@code _total}, as there.
 */
final class ReferencePage {
    private static final String SERVICE = "ratelimit_service_";
    private static final String LIMITS = "rate_limit.";
    private static final String ERRORS = "call.should_rate_limit.";
    private static final List<String> OF_LIMITS =
            List.of("total_hits", "within_limit", "near_limit", "over_limit", "shadow_mode");
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9_]");

    /** The counts by labels, by the metric's name. */
    private final Map<String, Map<String, Long>> metrics = new TreeMap<>();

    private ReferencePage() {}

    /** @param counters by their names for statsd without {@code ratelimit.service.} */
    static String of(Map<String, Long> counters) {
        ReferencePage page = new ReferencePage();
        counters.forEach(page::add);
        return page.write();
    }

    private void add(String name, long count) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (name.startsWith(ERRORS)) {
            add(SERVICE + "should_rate_limit_error", label("err_type", last), count);
        } else if (name.startsWith(LIMITS) && OF_LIMITS.contains(last)) {
            String key = name.substring(LIMITS.length(), name.length() - last.length() - 1);
            add(SERVICE + "rate_limit_" + last, labels(key.split("\\.", -1)), count);
        } else if (name.startsWith("server.")) {
            add(SERVICE + last, label("grpc_method", name.split("\\.", -1)[1]), count);
        } else {
            add(SERVICE + UNSAFE.matcher(name).replaceAll("_"), "", count);
        }
    }

    private void add(String metric, String labels, long count) {
        metrics.computeIfAbsent(metric, unseen -> new TreeMap<>()).merge(labels, count, Long::sum);
    }

    private static String labels(String[] parts) {
        List<String> labels = new ArrayList<>();
        labels.add(label("domain", parts[0]));
        for (int i = 1; i < Math.min(parts.length, 3); i++) {
            labels.add(label("key" + i, parts[i]));
        }
        return String.join(",", labels);
    }

    private static String label(String name, String value) {
        String legible = PrintableText.of(value);
        return name + "=\""
                + legible.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                + "\"";
    }

    private String write() {
        StringBuilder page = new StringBuilder();
        metrics.forEach((metric, counts) -> {
            page.append("# TYPE ").append(metric).append(" counter\n");
            counts.forEach((labels, count) -> page.append(metric)
                    .append(labels.isEmpty() ? "" : "{" + labels + "}")
                    .append(' ')
                    .append(count)
                    .append('\n'));
        });
        return page.toString();
    }
}

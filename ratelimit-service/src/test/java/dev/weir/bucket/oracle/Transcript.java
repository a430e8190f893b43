package dev.weir.bucket.oracle;

import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that many clients were told by one store.
 *
 * @param asked in the store's order
 */
public record Transcript(List<Asked> asked, List<Settling> settlings) {
    public Transcript {
        asked = asked.stream().sorted(Comparator.comparing(Asked::moment)).toList();
        settlings = List.copyOf(settlings);
    }

    /** The same by bucket, in the store's order. */
    Map<String, List<Line>> buckets() {
        Map<String, Settling> ends = new HashMap<>();
        settlings.stream().filter(Settling::tookEffect).forEach(settling -> ends.put(settling.reservation(), settling));
        Map<String, List<Line>> buckets = new LinkedHashMap<>();
        for (Asked each : asked) {
            for (int i = 0; i < each.levels().size(); i++) {
                Charge charge = each.admission().charges().get(i);
                buckets.computeIfAbsent(charge.bucket(), name -> new ArrayList<>())
                        .add(new Line(each, charge, each.levels().get(i), endOf(each, charge, ends)));
            }
        }
        return buckets;
    }

    private static @Nullable Settling endOf(Asked asked, Charge charge, Map<String, Settling> ends) {
        String reservation = asked.admission().reservation();
        Settling end = reservation == null || !asked.admitted() ? null : ends.get(reservation);
        return end != null && charge.atEnd() == EndAction.KEEP && !end.undoes() ? null : end;
    }

    public long admitted() {
        return asked.stream().filter(Asked::admitted).count();
    }

    public long refused() {
        return asked.size() - admitted();
    }

    /** How many requests were under way at the same time, on average over the time when any was. */
    public double underWay() {
        long busy = asked.stream()
                .mapToLong(each -> each.answeredNanos() - each.sentNanos())
                .sum();
        long[] sent = asked.stream().mapToLong(Asked::sentNanos).sorted().toArray();
        long[] answered =
                asked.stream().mapToLong(Asked::answeredNanos).sorted().toArray();
        long idle = 0;
        for (int i = 1; i < sent.length; i++) {
            idle += Math.max(0, sent[i] - answered[i - 1]);
        }
        return (double) busy / Math.max(1, answered[answered.length - 1] - sent[0] - idle);
    }
}

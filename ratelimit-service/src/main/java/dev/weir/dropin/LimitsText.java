package dev.weir.dropin;

import dev.weir.policy.DescriptorUnit;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Mode;
import dev.weir.policy.Policy;
import dev.weir.policy.Window;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the limits in force, one line each, as {@code /rlconfig} of the reference does; domains by name, limits as written. */
public final class LimitsText {
    private LimitsText() {}

    public static String of(Policy policy) {
        List<Domain> domains = policy.domains().values().stream()
                .sorted(Comparator.comparing(Domain::name))
                .toList();
        return domains.stream()
                .flatMap(domain -> domain.limits().stream().map(limit -> line(domain, limit)))
                .collect(Collectors.joining());
    }

    private static String line(Domain domain, Limit limit) {
        boolean unlimited = limit.allow().unlimited();
        return "%s.%s: unit=%s requests_per_unit=%d, shadow_mode: %b, quota_mode: %b%n"
                .formatted(
                        domain.name(),
                        limit.name(),
                        unlimited ? "UNKNOWN" : unit(limit.allow().window()),
                        unlimited ? 0 : limit.allow().amount(),
                        limit.scope().mode() instanceof Mode.Shadow,
                        isQuota(domain, limit));
    }

    private static boolean isQuota(Domain domain, Limit limit) {
        return domain.descriptors() != null && domain.descriptors().leaf(limit).quota();
    }

    /** Returns its name in the dialect, or a native limit's own words where it has none there. */
    private static String unit(Window window) {
        return Arrays.stream(DescriptorUnit.values())
                .filter(unit -> unit.window().equals(window))
                .map(DescriptorUnit::name)
                .findFirst()
                .orElseGet(window::toString);
    }
}

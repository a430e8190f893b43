package dev.weir.tools.lint.envoy;

import dev.weir.config.Location;
import dev.weir.config.Problem;
import dev.weir.config.Problems;
import dev.weir.config.Spelling;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Checks whether descriptors and limits meet in native domains, where a limit applies by the names of entries. */
final class DescriptorCheck {
    private final Policy policy;
    private final Problems problems;

    DescriptorCheck(Policy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    void check(EnvoyFile file) {
        Map<String, List<Entry>> askingByDomain = new LinkedHashMap<>();
        Map<String, Location> places = new LinkedHashMap<>();
        for (Chain chain : file.chains()) {
            for (Chain.Call call : chain.calls()) {
                Domain domain = policy.domain(call.domain());
                if (domain != null && domain.descriptors() == null) {
                    places.putIfAbsent(call.domain(), call.place());
                    askingByDomain
                            .computeIfAbsent(call.domain(), none -> new ArrayList<>())
                            .addAll(call.asking());
                    checkCall(call, domain);
                }
            }
        }
        askingByDomain.forEach((name, entries) -> {
            Domain domain = policy.domain(name);
            Location place = places.get(name);
            if (domain != null
                    && place != null
                    && !entries.isEmpty()
                    && !domain.settings().admit()) {
                domain.limits().forEach(limit -> checkReachable(limit, entries, place));
            }
        });
    }

    private void checkCall(Chain.Call call, Domain domain) {
        List<Entry> asking = call.asking();
        List<Entry> idle =
                asking.stream().filter(entry -> !limitsAnything(entry, domain)).toList();
        if (idle.size() == asking.size() && idle.stream().anyMatch(entry -> !entry.onStreamDone())) {
            problems.add(
                    new Problem(
                            call.place(),
                            EnvoyRules.ALWAYS_MISSING,
                            "no limit of domain `" + call.domain()
                                    + "` can apply to what this filter sends, so requests are refused as"
                                    + " `missing_attributes`; send the attributes that its limits read, or add a limit for everybody"));
            return;
        }
        Set<Entry> refused = refusedRoutes(call, domain);
        Set<String> read = domain.limits().stream()
                .flatMap(limit -> Need.of(limit).stream())
                .map(Need::attribute)
                .collect(Collectors.toSet());
        for (Entry entry : asking) {
            if (refused.contains(entry)) {
                problems.add(entry.block()
                        .problem(
                                EnvoyRules.ROUTE_MISSING,
                                "no limit of domain `" + call.domain()
                                        + "` can apply to what this route sends, so its requests are refused as"
                                        + " `missing_attributes`; remove the item, or add a limit on "
                                        + quoted(entry.names())));
            } else if (!limitsAnything(entry, domain)) {
                problems.add(entry.block()
                        .problem(
                                EnvoyRules.IDLE_DESCRIPTOR,
                                "no limit of domain `" + call.domain()
                                        + "` can apply to this descriptor; remove it, or add a limit" + " on "
                                        + quoted(entry.names())));
            } else if (!entry.hasOwnLimit()) {
                checkRead(entry, read, call.domain());
            }
        }
    }

    /** Returns the items of routes where no limit applies to anything that they send. */
    private static Set<Entry> refusedRoutes(Chain.Call call, Domain domain) {
        Set<Entry> refused = new HashSet<>();
        if (asksAnything(call.everywhere(), domain)) {
            return refused;
        }
        for (List<Entry> items : call.atRoutes()) {
            if (!asksAnything(items, domain)) {
                items.stream().filter(entry -> !entry.onStreamDone()).forEach(refused::add);
            }
        }
        return refused;
    }

    private static boolean asksAnything(List<Entry> entries, Domain domain) {
        return entries.stream().anyMatch(entry -> !entry.isReport() && limitsAnything(entry, domain));
    }

    private void checkRead(Entry entry, Set<String> read, String domain) {
        List<String> unread = entry.attributes().stream()
                .map(Attribute::name)
                .filter(name -> !read.contains(name)
                        && !Attributes.isAboutTokens(name)
                        && !name.startsWith(Attributes.RESERVED_PREFIX))
                .distinct()
                .toList();
        if (!unread.isEmpty()) {
            problems.add(entry.block()
                    .problem(
                            EnvoyRules.UNREAD_ATTRIBUTE,
                            "no limit of domain `" + domain + "` reads " + quoted(unread)
                                    + "; fine for refusal records, otherwise remove"));
        }
    }

    private static boolean limitsAnything(Entry entry, Domain domain) {
        return entry.hasOwnLimit() || domain.limits().stream().anyMatch(limit -> canApply(limit, entry));
    }

    private static boolean canApply(Limit limit, Entry entry) {
        return Need.of(limit).stream().allMatch(need -> need.canBeMetBy(entry));
    }

    private void checkReachable(Limit limit, List<Entry> entries, Location place) {
        if (entries.stream().anyMatch(entry -> canApply(limit, entry))) {
            return;
        }
        List<Need> unmet = entries.stream()
                .map(entry -> Need.of(limit).stream()
                        .filter(need -> !need.canBeMetBy(entry))
                        .toList())
                .min(Comparator.comparingInt(List::size))
                .orElse(List.of());
        Set<String> sent = new TreeSet<>();
        entries.forEach(entry -> sent.addAll(entry.names()));
        String reasons = unmet.stream().map(need -> reason(need, entries, sent)).collect(Collectors.joining("; "));
        problems.add(new Problem(
                place,
                EnvoyRules.UNREACHABLE_LIMIT,
                "limit `" + limit.name() + "` never applies: " + reasons + "; correct the descriptor or the limit"));
    }

    private static String reason(Need need, List<Entry> entries, Set<String> sent) {
        if (!sent.contains(need.attribute())) {
            String guess = Spelling.nearest(need.attribute(), sent)
                    .map(near -> " (did you mean `" + near + "`?)")
                    .orElse("");
            return "no descriptor has `" + need.attribute() + "`" + guess;
        }
        boolean valueMatters = entries.stream()
                .anyMatch(entry -> entry.attribute(need.attribute()) != null && !need.canBeMetBy(entry));
        return valueMatters
                ? "`" + need.attribute() + "` never has the value that it wants"
                : "no descriptor has `" + need.attribute() + "` beside the limit's other attributes";
    }

    private static String quoted(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}

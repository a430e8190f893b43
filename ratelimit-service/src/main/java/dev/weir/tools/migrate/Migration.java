package dev.weir.tools.migrate;

import dev.weir.policy.DescriptorTree;
import dev.weir.policy.Descriptors;
import dev.weir.policy.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A domain in the dialect of envoyproxy/ratelimit, rewritten as native limits.
 *
 * @param text a policy in YAML, with a comment {@code # differs: ...} wherever a limit decides differently than before
 * @param differences the number of these comments
 */
public record Migration(String text, int differences) {
    private static final String DIFFERS = "# differs: ";

    /**
     * @param descriptors those of the domain
     * @param from what it was read from, as shown to people
     */
    public static Migration of(Domain domain, Descriptors descriptors, String from) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "# The domain " + Text.quoted(domain.name()) + " of " + Text.quoted(from)
                        + ", rewritten by `weir migrate`. See docs/migrate.md.");
        line(
                text,
                "# Everywhere: limits go by names, so the order of entries does not matter, nor do entries beside theirs.");
        if (!descriptors.allOrNothing()) {
            line(
                    text,
                    "# Everywhere: a request takes from all limits that its descriptors reach, or is refused and takes from none.");
        }
        List<String> confusions = confusions(descriptors.tree());
        confusions.forEach(differs -> line(text, DIFFERS + differs));
        line(text, "domain: " + Text.quoted(domain.name()));
        line(text, "limits:");
        LimitNames names = new LimitNames();
        List<Draft> drafts = Drafts.of(descriptors, names);
        drafts.forEach(draft -> LimitText.append(draft, text));
        appendRest(names.next("everything-else"), text);
        int differences =
                drafts.stream().mapToInt(draft -> draft.differs().size()).sum();
        return new Migration(text.toString(), confusions.size() + differences);
    }

    /** Appends a limit for requests to which no other applies, and which would be refused. A default displaces no other. */
    private static void appendRest(String name, StringBuilder text) {
        line(text, "  # Lets pass what no other limit applies to, as it did.");
        line(text, "  - {name: " + name + ", tier: " + Tiers.EVERYBODY + ", allow: unlimited requests, default: true}");
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    /** Finds keys that the dialect may confuse: it joins key and value into one text, so a key may look like another one and a value. */
    private static List<String> confusions(DescriptorTree tree) {
        TreeSet<String> keys = new TreeSet<>();
        Overlap.shapes(tree).forEach(keys::addAll);
        List<String> confusions = new ArrayList<>();
        for (String key : keys) {
            for (String longer : keys.subSet(key + "_", key + "`")) {
                confusions.add("keys " + Text.quoted(key) + " and " + Text.quoted(longer)
                        + " are told apart; joined to their values by underscores they were not always");
            }
        }
        return confusions;
    }
}

package dev.weir.telemetry;

import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.text.PrintableText;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts decisions by the values of those attributes that a policy names for this. The first {@value #MOST_VALUES} values of an attribute
 * have a counter of their own, and all after them count under {@code other}; requests without the attribute count under {@code none}.
 */
final class AttributeMeters {
    static final int MOST_VALUES = 1_000;
    static final int LONGEST_VALUE = 100;

    private final Meters meters;
    private final String domain;
    private volatile Values[] shown = {};

    AttributeMeters(Meters meters, String domain) {
        this.meters = meters;
        this.domain = domain;
    }

    /**
     * Counts by these attributes from now on. What others have counted stays on the page. For one caller at a time.
     *
     * @param places gives attributes room on the page; one that finds none is not shown
     */
    void show(List<String> attributes, MeterNameBudget places) {
        List<Values> next = new ArrayList<>(attributes.size());
        for (String attribute : attributes) {
            if (places.take("attribute", domain, attribute)) {
                Values known = known(attribute);
                next.add(known == null ? new Values(attribute) : known);
            }
        }
        shown = next.toArray(Values[]::new);
    }

    private @Nullable Values known(String attribute) {
        for (Values values : shown) {
            if (values.attribute.equals(attribute)) {
                return values;
            }
        }
        return null;
    }

    void allowed(Request request) {
        for (Values values : shown) {
            values.of(request).allowed().increment();
        }
    }

    void refused(Request request) {
        for (Values values : shown) {
            values.of(request).refused().increment();
        }
    }

    private record Outcomes(Counter allowed, Counter refused) {}

    /** The counters of one attribute. A value that is known is found without a lock. */
    private final class Values {
        private final String attribute;
        private final Outcomes none;
        private final Outcomes other;
        private final Map<String, Outcomes> known = new ConcurrentHashMap<>();

        Values(String attribute) {
            this.attribute = attribute;
            this.none = outcomes("none");
            this.other = outcomes("other");
        }

        Outcomes of(Request request) {
            for (Descriptor descriptor : request.descriptors()) {
                Attributes attributes = descriptor.attributes();
                String value = attributes.get(attribute);
                if (value != null) {
                    return of(value);
                }
            }
            return none;
        }

        private Outcomes of(String value) {
            String start = PrintableText.start(value, LONGEST_VALUE);
            Outcomes outcomes = known.get(start);
            if (outcomes != null) {
                return outcomes;
            }
            return known.size() < MOST_VALUES ? added(start) : other;
        }

        private synchronized Outcomes added(String value) {
            return known.containsKey(value) || known.size() < MOST_VALUES
                    ? known.computeIfAbsent(value, unseen -> outcomes(PrintableText.of(unseen)))
                    : other;
        }

        private Outcomes outcomes(String value) {
            return new Outcomes(counter(value, "allowed"), counter(value, "refused"));
        }

        private Counter counter(String value, String outcome) {
            return meters.counter(
                    "weir.attribute.decisions",
                    "Decisions by the values of an attribute that the policy names under `metrics`",
                    "domain",
                    domain,
                    "attribute",
                    attribute,
                    "value",
                    value,
                    "outcome",
                    outcome);
        }
    }
}

package dev.weir.tools.cases;

import dev.weir.config.YamlMap;
import dev.weir.config.YamlValue;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the steps of one case, and keeps track of the time that they take; the grammar is {@link CaseFileReader}'s. */
final class StepReader {
    private static final List<String> VERBS = List.of("send", "wait", "until", "settle", "release");
    private static final List<String> SEND_KEYS = List.of("send", "hits", "times", "every", "as", "expect");

    private static final int MOST_TIMES = 1_000_000;
    private static final int MOST_DESCRIPTORS = 1_000;
    /** The largest number that Envoy's hits_addend holds. */
    private static final long MOST_HITS = 0xffff_ffffL;
    /** The most tokens of a settlement: larger numbers from Envoy mean that the answer did not say what it used. */
    private static final long MOST_TOKENS = 999_999_999;

    private final ExpectationReader expectations;
    private final Set<String> remembered = new HashSet<>();
    private long now;
    private boolean expecting;

    StepReader(ExpectationReader expectations, OffsetDateTime start) {
        this.expectations = expectations;
        this.now = Scalars.micros(start);
    }

    /** Returns the next step, or null after adding problems. */
    @Nullable
    Step read(YamlValue value) {
        YamlMap fields = value.asMap();
        if (fields == null) {
            return null;
        }
        expecting |= fields.get("expect") != null;
        List<String> verbs =
                VERBS.stream().filter(verb -> fields.get(verb) != null).toList();
        if (verbs.size() != 1) {
            fields.problem(
                    verbs.isEmpty()
                            ? "a step has one of " + String.join(", ", VERBS)
                            : "a step has only one of " + String.join(" and ", verbs) + "; make it several steps");
            return null;
        }
        return switch (verbs.get(0)) {
            case "send" -> send(fields);
            case "wait" -> pause(fields);
            case "until" -> until(fields);
            case "settle" -> settle(fields);
            default -> release(fields);
        };
    }

    /** Returns whether any step so far expects something, even in a way that cannot be read. */
    boolean expecting() {
        return expecting;
    }

    private Step.@Nullable Send send(YamlMap fields) {
        fields.rejectUnknown(SEND_KEYS, Map.of());
        YamlValue sent = fields.get("send");
        YamlValue hitsValue = fields.get("hits");
        Long hits = hitsValue == null ? Long.valueOf(1) : Scalars.whole(hitsValue, -MOST_HITS, MOST_HITS);
        List<Descriptor> descriptors = sent == null ? List.of() : descriptors(sent, hits == null ? 1 : hits);
        YamlValue timesValue = fields.get("times");
        Long times = timesValue == null ? Long.valueOf(1) : Scalars.whole(timesValue, 1, MOST_TIMES);
        YamlValue everyValue = fields.get("every");
        Long every = everyValue == null ? Long.valueOf(0) : Scalars.span(everyValue);
        if (everyValue != null && timesValue == null) {
            everyValue.problem("`every` is the time between several; add for example `times: 20`, or use `wait`");
        }
        String as = fields.text("as");
        if (as != null && !remembered.add(as)) {
            fields.problem("`" + as + "` names an earlier step of this case; choose another name");
        }
        if (times == null || every == null) {
            return null;
        }
        pass(fields, (times - 1) * every);
        YamlValue expect = fields.get("expect");
        Expectation expected = expect == null ? null : expectations.read(expect, times.intValue());
        return new Step.Send(descriptors, times.intValue(), every, as, expected);
    }

    private static List<Descriptor> descriptors(YamlValue sent, long hits) {
        List<YamlValue> items = sent.isList() ? sent.asList() : List.of(sent);
        if (items == null) {
            return List.of();
        }
        if (items.isEmpty() || items.size() > MOST_DESCRIPTORS) {
            sent.problem("a call has from 1 to " + MOST_DESCRIPTORS + " descriptors, found " + items.size());
        }
        List<Descriptor> descriptors = new ArrayList<>();
        for (YamlValue item : items) {
            descriptors.add(new Descriptor(descriptors.size(), attributes(item), hits, null));
        }
        return descriptors;
    }

    private static Attributes attributes(YamlValue value) {
        YamlMap fields = value.asMap();
        Map<String, String> texts = fields == null ? Map.of() : fields.asTexts();
        texts.keySet().stream()
                .filter(name -> name.startsWith(Attributes.RESERVED_PREFIX))
                .forEach(name -> value.problem("`" + name + "`: names that start with `" + Attributes.RESERVED_PREFIX
                        + "` steer Weir and are never limited; to end a request use `settle` or `release`"));
        return Attributes.of(
                texts.keySet().toArray(String[]::new), texts.values().toArray(String[]::new));
    }

    private Step.@Nullable Wait pause(YamlMap fields) {
        fields.rejectUnknown(List.of("wait"), Map.of("expect", "belongs to `send`; nothing is decided here"));
        YamlValue value = fields.get("wait");
        Long micros = value == null ? null : Scalars.span(value);
        return micros == null ? null : waiting(fields, micros);
    }

    private Step.@Nullable Wait until(YamlMap fields) {
        fields.rejectUnknown(List.of("until"), Map.of("expect", "belongs to `send`; nothing is decided here"));
        YamlValue value = fields.get("until");
        OffsetDateTime time = value == null ? null : Scalars.time(value);
        if (value == null || time == null) {
            return null;
        }
        long micros = Scalars.micros(time) - now;
        if (micros < 0) {
            value.problem("it is later already when this step comes; time does not go back");
            return null;
        }
        return waiting(fields, micros);
    }

    private Step.Wait waiting(YamlMap fields, long micros) {
        pass(fields, micros);
        return new Step.Wait(micros);
    }

    private void pass(YamlMap step, long micros) {
        if (now + micros >= Scalars.END_MICROS) {
            step.problem("this step ends after the year 2199; shorten it");
        } else {
            now += micros;
        }
    }

    private Step.@Nullable End settle(YamlMap fields) {
        fields.rejectUnknown(
                List.of("settle", "tokens"), Map.of("expect", "belongs to `send`; a settlement is always taken"));
        YamlValue tokens = fields.get("tokens");
        Long used = tokens == null ? null : Scalars.whole(tokens, 0, MOST_TOKENS);
        return end(fields.get("settle"), used);
    }

    private Step.@Nullable End release(YamlMap fields) {
        fields.rejectUnknown(
                List.of("release"),
                Map.of(
                        "expect", "belongs to `send`; a release is always taken",
                        "tokens", "belongs to `settle`, which ends a request with what it used"));
        return end(fields.get("release"), null);
    }

    private Step.@Nullable End end(@Nullable YamlValue value, @Nullable Long tokens) {
        String name = value == null ? null : value.asText();
        if (value == null || name == null) {
            return null;
        }
        if (!remembered.contains(name)) {
            value.problem(
                    "no earlier step of this case is called `" + name + "`; add `as: " + name + "` to its `send`");
        }
        return new Step.End(value.place(), name, tokens);
    }
}

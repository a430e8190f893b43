package dev.weir.bucket.oracle;

import dev.weir.bucket.Charge;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A promise that was not kept.
 *
 * @param lines the piece of history that shows it
 */
public record Violation(String what, List<String> lines) {
    private static final int BEFORE = 30;
    private static final int AFTER = 3;

    /** Shows what the bucket told around that line. */
    static Violation at(int i, List<Line> bucket, String what) {
        List<String> around = IntStream.range(Math.max(0, i - BEFORE), Math.min(bucket.size(), i + 1 + AFTER))
                .mapToObj(at -> (at == i ? "--> " : "    ") + bucket.get(at).words())
                .toList();
        Charge charge = bucket.get(i).charge();
        return new Violation(charge.bucket() + ", " + charge.algorithm() + ": " + what, around);
    }

    static Violation of(String what, Object... shown) {
        return new Violation(what, Stream.of(shown).map(Object::toString).toList());
    }

    @Override
    public String toString() {
        return what + "\n    " + String.join("\n    ", lines);
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Charge;
import java.util.Optional;

/** Every decision is right by the figures that came with it: all charges fitted, or one did not and says so. */
final class DecisionChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        return transcript.asked().stream()
                .filter(asked -> !isRight(asked))
                .map(asked -> Violation.of("the decision contradicts its figures", asked))
                .findFirst();
    }

    private static boolean isRight(Asked asked) {
        boolean allFit = true;
        for (int i = 0; i < asked.levels().size(); i++) {
            Charge charge = asked.admission().charges().get(i);
            BucketStatus level = asked.levels().get(i);
            long before = level.used() - (asked.admitted() ? charge.amount() : 0);
            boolean fits =
                    before + Math.max(charge.amount(), 1) <= charge.algorithm().most();
            if (!asked.admitted() && level.refuses() == fits) {
                return false;
            }
            allFit &= fits;
        }
        return allFit == asked.admitted();
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.BucketStatus;
import dev.weir.bucket.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * In the store's order and at the store's times the {@link ReferenceModel} answers every call as the store did, to the last figure.
 */
final class ReplayChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        ReferenceModel model = new ReferenceModel(ReferenceModel.Store.REDIS);
        for (Asked asked : transcript.asked()) {
            Outcome expected = model.admit(asked.admission(), asked.moment().at());
            if (!expected.equals(asked.outcome())) {
                return Optional.of(violation(transcript, asked, expected));
            }
        }
        return Optional.empty();
    }

    /** Shows the bucket whose figures differ. */
    private static Violation violation(Transcript transcript, Asked asked, Outcome expected) {
        String what = "one thread would have been told " + expected + " instead of " + asked.outcome();
        List<BucketStatus> levels = Asked.levels(expected);
        for (int i = 0; i < levels.size(); i++) {
            if (!levels.get(i).equals(asked.levels().get(i))) {
                List<Line> bucket = transcript
                        .buckets()
                        .get(asked.admission().charges().get(i).bucket());
                return Violation.at(bucket.stream().map(Line::asked).toList().indexOf(asked), bucket, what);
            }
        }
        return Violation.of(what, asked);
    }
}

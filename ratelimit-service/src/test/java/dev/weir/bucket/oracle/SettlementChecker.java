package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Settled;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Of all that settled a reservation exactly one did; what was never given out nobody settled. */
final class SettlementChecker implements Checker {
    @Override
    public Optional<Violation> check(Transcript transcript) {
        Map<String, Admission> open = new HashMap<>();
        for (Asked asked : transcript.asked()) {
            String reservation = asked.admission().reservation();
            if (asked.admitted() && reservation != null) {
                open.put(reservation, asked.admission());
            }
        }
        for (Settling settling : transcript.settlings()) {
            if (settling.tookEffect()) {
                Admission admission = open.remove(settling.reservation());
                if (admission == null) {
                    return Optional.of(new Violation("was not there to be settled", attempts(settling, transcript)));
                }
                if (!settling.answer().equals(expected(settling, admission))) {
                    return Optional.of(Violation.of("the answer should be " + expected(settling, admission), settling));
                }
            }
        }
        return open.keySet().stream().findFirst().map(left -> Violation.of("was never settled", left));
    }

    private static List<String> attempts(Settling settling, Transcript transcript) {
        return transcript.settlings().stream()
                .filter(each -> each.reservation().equals(settling.reservation()))
                .map(Settling::toString)
                .toList();
    }

    private static Settled expected(Settling settling, Admission admission) {
        long held = admission.charges().stream()
                .filter(charge -> charge.atEnd() == EndAction.SETTLE)
                .mapToLong(Charge::amount)
                .max()
                .orElse(0);
        return Settled.of(held, settling.usage());
    }
}

package dev.weir.bucket.oracle;

import dev.weir.bucket.Algorithm;
import java.math.BigInteger;
import java.util.List;

/** What is owed to a token bucket, in shares of its figures, reckoned from its first charge on. */
final class Debt {
    private Debt() {}

    static BigInteger of(List<History.Event> events, Algorithm.TokenBucket figures, long now) {
        BigInteger owed = BigInteger.ZERO;
        Algorithm.TokenBucket before = figures;
        long last = now;
        for (History.Event event : events) {
            Algorithm.TokenBucket then = (Algorithm.TokenBucket) event.figures();
            owed = inSharesOf(then, before, flowBack(owed, before, event.at() - Math.min(last, event.at())));
            before = then;
            last = event.at();
            if (event instanceof History.Charged charged) {
                owed = owed.add(shares(then, charged.amount()));
            } else if (event instanceof History.Owed more) {
                owed = owed.add(shares(then, more.amount()));
            } else if (event instanceof History.GivenBack back) {
                BigInteger worth = flowBack(
                        shares(then, back.amount()),
                        then,
                        back.at() - back.charge().at());
                owed = owed.subtract(worth).max(BigInteger.ZERO);
            } else if (event instanceof History.TakenBack back) {
                owed = owed.subtract(shares(then, back.amount())).max(BigInteger.ZERO);
            }
        }
        return inSharesOf(figures, before, flowBack(owed, before, now - last));
    }

    private static BigInteger flowBack(BigInteger shares, Algorithm.TokenBucket figures, long micros) {
        return shares.subtract(BigInteger.valueOf(micros).multiply(BigInteger.valueOf(figures.sharesPerMicro())))
                .max(BigInteger.ZERO);
    }

    /** The same debt when the limit was changed, rounded against the debtor. */
    private static BigInteger inSharesOf(Algorithm.TokenBucket after, Algorithm.TokenBucket before, BigInteger owed) {
        return ceiling(owed.multiply(BigInteger.valueOf(after.sharesPerUnit())), before.sharesPerUnit());
    }

    static BigInteger shares(Algorithm.TokenBucket figures, long units) {
        return BigInteger.valueOf(figures.sharesPerUnit()).multiply(BigInteger.valueOf(units));
    }

    static long up(BigInteger dividend, long divisor) {
        return ceiling(dividend, divisor).longValueExact();
    }

    private static BigInteger ceiling(BigInteger dividend, long divisor) {
        BigInteger[] parts = dividend.divideAndRemainder(BigInteger.valueOf(divisor));
        return parts[1].signum() == 0 ? parts[0] : parts[0].add(BigInteger.ONE);
    }
}

package dev.weir.bucket;

/**
 * The state of one token bucket, kept as what is owed to it: {@code owed} grows with every charge and flows back at the rate
 * {@code amount / window}. A charge fits while {@code owed + charge <= burst}, so any span {@code t} admits at most
 * {@code burst + rate x t}. This is the leaky bucket as a meter of ITU-T I.371, turned round.
 *
 * <p>The debt is counted in shares: with the rate in lowest terms {@code p / q} a unit has {@code q} shares and {@code p} of them flow back
 * in a microsecond. Shares are whole numbers in doubles, as in Redis's Lua, and exact up to 2^53; beyond, which takes odd amounts over long
 * windows, a charge is off by less than a billionth of a unit.
 *
 * <p>A refund is worth less the later it comes, because what it was charged for has been flowing back since: after {@code e} seconds a
 * refund of {@code r} gives back {@code max(0, r - rate x e)}, and the bound holds with refunds too. {@code token_bucket.lua} is the same
 * arithmetic for Redis.
 */
final class TokenBucketState implements Bucket {
    private long latest;
    private double owed;
    private double sharesPerMicro;
    private double sharesPerUnit;

    TokenBucketState(Algorithm.TokenBucket figures, long now) {
        this.latest = now;
        this.sharesPerMicro = figures.sharesPerMicro();
        this.sharesPerUnit = figures.sharesPerUnit();
    }

    @Override
    public boolean fits(Algorithm figures, long amount, long now) {
        advance(figures, now);
        return owed + Math.max(amount, 1) * sharesPerUnit <= figures.most() * sharesPerUnit;
    }

    /** Returns the time of the charge. */
    @Override
    public long charge(Algorithm figures, long amount, long now) {
        advance(figures, now);
        owed += amount * sharesPerUnit;
        return latest;
    }

    @Override
    public void settle(Algorithm figures, long chargedAt, long held, long used, long now) {
        advance(figures, now);
        if (used >= held) {
            owed += (used - held) * sharesPerUnit;
        } else {
            double back = (held - used) * sharesPerUnit - (latest - chargedAt) * sharesPerMicro;
            owed -= Math.min(owed, Math.max(0, back));
        }
    }

    @Override
    public void giveBack(Algorithm figures, long amount, long now) {
        advance(figures, now);
        owed = Math.max(0, owed - amount * sharesPerUnit);
    }

    @Override
    public BucketStatus level(Algorithm figures, long amount, long now) {
        advance(figures, now);
        long used = (long) Math.ceil(owed / sharesPerUnit);
        return new BucketStatus(used, (long) Math.ceil(owed / sharesPerMicro), retryMicros(amount, figures.most()));
    }

    private long retryMicros(long amount, long burst) {
        long wanted = Math.max(amount, 1);
        if (wanted > burst) {
            return BucketStatus.NEVER;
        }
        double tooMuch = owed + wanted * sharesPerUnit - burst * sharesPerUnit;
        return tooMuch <= 0 ? 0 : (long) Math.ceil(tooMuch / sharesPerMicro);
    }

    @Override
    public boolean idle(long now) {
        flowBack(now);
        return owed == 0;
    }

    private void advance(Algorithm figures, long now) {
        flowBack(now);
        Algorithm.TokenBucket refilling = (Algorithm.TokenBucket) figures;
        double newSharesPerUnit = refilling.sharesPerUnit();
        if (newSharesPerUnit != sharesPerUnit) {
            // The limit was changed: the same debt in other shares, rounded against the debtor.
            owed = Math.ceil(owed * newSharesPerUnit / sharesPerUnit);
            sharesPerUnit = newSharesPerUnit;
        }
        sharesPerMicro = refilling.sharesPerMicro();
    }

    private void flowBack(long now) {
        if (now > latest) {
            owed = Math.max(0, owed - (now - latest) * sharesPerMicro);
            latest = now;
        }
    }
}

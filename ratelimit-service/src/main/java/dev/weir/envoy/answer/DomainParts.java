package dev.weir.envoy.answer;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.weir.decide.LimitStatus;
import dev.weir.policy.Domain;
import dev.weir.policy.Limit;
import dev.weir.policy.PerDomain;
import dev.weir.request.ReservedNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parts of answers that stay the same while a policy is in force: those of each limit, and those of the limits that apply to a request
 * together. Thread-safe.
 */
public final class DomainParts {
    /** The number of places for combinations of limits, a power of two. */
    private static final int COMBINATIONS = 64;
    /** The multiplier of Fibonacci hashing, which mixes bits into the upper ones. */
    private static final long GOLDEN_RATIO = 0x9E37_79B9_7F4A_7C15L;

    private static final PerDomain<DomainParts> ALL = new PerDomain<>(DomainParts::new);

    private final Domain domain;
    private final LimitParts[] limits;
    /** The domain's entry in a reservation's metadata. */
    private final byte[] metadata;
    /** The fields {@code RateLimit-Policy} that were needed last; of two that share a place, the later one. */
    @SuppressWarnings("NullAway") // Filled as they are needed.
    private final @Nullable Policies[] policies = new Policies[COMBINATIONS];

    /** @param places the places of the limits, as bits */
    private record Policies(long places, Header header) {}

    private DomainParts(Domain domain) {
        this.domain = domain;
        this.limits = domain.limits().stream().map(LimitParts::of).toArray(LimitParts[]::new);
        this.metadata = Struct.newBuilder()
                .putFields(
                        ReservedNames.METADATA_DOMAIN,
                        Value.newBuilder().setStringValue(domain.name()).build())
                .build()
                .toByteArray();
    }

    /** Returns the parts of a domain. */
    public static DomainParts of(Domain domain) {
        return ALL.of(domain);
    }

    /** Returns the field of a reservation's metadata struct that names this domain. */
    public byte[] metadata() {
        return metadata;
    }

    /** Returns the parts of a limit of this domain, or of one that a descriptor brought along. */
    public LimitParts of(Limit limit) {
        return domain.isOwn(limit) ? limits[limit.order()] : LimitParts.of(limit);
    }

    /**
     * Returns the field {@code RateLimit-Policy}, in tier order so that it stays the same from answer to answer.
     *
     * @param shown the limit that the other headers are about, which is always among them
     */
    Header policies(Limit shown, List<LimitStatus> all) {
        long places = all.size() <= RateHeaders.MOST_POLICIES ? places(all) : 0;
        if (places == 0) {
            return write(shown, all);
        }
        int place = Long.hashCode(places * GOLDEN_RATIO) & (COMBINATIONS - 1);
        Policies known = policies[place];
        if (known != null && known.places == places) {
            return known.header;
        }
        Header made = write(shown, all);
        policies[place] = new Policies(places, made);
        return made;
    }

    /** Returns a bit for each limit, or 0 where one of them has none. */
    private long places(List<LimitStatus> all) {
        long places = 0;
        for (int i = 0; i < all.size(); i++) {
            Limit limit = all.get(i).limit();
            if (limit.order() >= Long.SIZE || !domain.isOwn(limit)) {
                return 0;
            }
            places |= 1L << limit.order();
        }
        return places;
    }

    private Header write(Limit shown, List<LimitStatus> all) {
        StringBuilder field = new StringBuilder(48 * Math.min(all.size(), RateHeaders.MOST_POLICIES));
        int written = 0;
        boolean withShown = false;
        for (int i = 0; i < all.size() && written < RateHeaders.MOST_POLICIES; i++) {
            Limit limit = all.get(i).limit();
            boolean lastPlace = written == RateHeaders.MOST_POLICIES - 1 && !withShown;
            if (lastPlace) {
                limit = shown;
            } else if (isNamedBefore(i, all)) {
                continue;
            }
            withShown |= limit.name().equals(shown.name());
            (written == 0 ? field : field.append(", ")).append(of(limit).policy());
            written++;
        }
        return Header.of("ratelimit-policy", field.toString());
    }

    /** Tells whether the limit comes earlier in the list: its buckets for several descriptors are one policy. */
    private static boolean isNamedBefore(int index, List<LimitStatus> all) {
        for (int i = 0; i < index; i++) {
            if (all.get(i).limit().name().equals(all.get(index).limit().name())) {
                return true;
            }
        }
        return false;
    }
}

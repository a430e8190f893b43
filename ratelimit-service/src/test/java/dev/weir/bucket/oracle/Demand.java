package dev.weir.bucket.oracle;

import dev.weir.bucket.Admission;
import dev.weir.bucket.Algorithm;
import dev.weir.bucket.Charge;
import dev.weir.bucket.EndAction;
import dev.weir.bucket.Periods;
import dev.weir.bucket.Usage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** What clients ask for in a run: limits that they exceed several times a second, and that let them in again as often. */
public final class Demand {
    private static final int USERS = 16;
    private static final int MOST_CHARGES = 5;
    private static final long MILLIS = 1_000;
    private static final long HOUR = 3_600_000 * MILLIS;

    /** @param of how many users share a bucket */
    private record Kind(String name, Algorithm figures, int of, EndAction atEnd, int largest) {
        String bucket(String tag, int user) {
            return tag + ":" + name + ":" + user / of;
        }

        Charge charge(String tag, int user, Random random) {
            int amount = switch (random.nextInt(20)) {
                case 0 -> 0;
                case 1, 2 -> 1 + random.nextInt(3);
                default -> 1;
            };
            return new Charge(
                    bucket(tag, user), figures, atEnd == EndAction.KEEP ? amount : 1 + random.nextInt(largest), atEnd);
        }
    }

    private final String tag;
    private final List<Kind> kinds;

    private Demand(long seed, List<Kind> kinds) {
        this.tag = "w1:{history " + seed + "}";
        this.kinds = kinds;
    }

    /** Requests only, which stay charged. */
    public static Demand forRequests(long seed) {
        Random random = new Random(seed);
        return new Demand(
                seed,
                List.of(
                        requests("sliding", sliding(random, 5, 1_000), 1),
                        requests("bucket", refilling(random, 20, 4), 1),
                        requests("fixed", fixed(random, 5), 1),
                        requests("team-sliding", sliding(random, 20, 600), 4),
                        requests("team-bucket", refilling(random, 60, 10), 4),
                        requests("all-fixed", fixed(random, 40), USERS)));
    }

    /** Requests, estimates that are settled, and slots. */
    public static Demand forEverything(long seed) {
        Random random = new Random(seed);
        return new Demand(
                seed,
                List.of(
                        requests("sliding", sliding(random, 8, 1_000), 1),
                        requests("hourly", new Algorithm.SlidingWindow(150, HOUR), 1),
                        new Kind(
                                "parallel",
                                new Algorithm.Parallel(2 + random.nextInt(3), HOUR),
                                1,
                                EndAction.RELEASE,
                                1),
                        new Kind("tokens", sliding(random, 2_000, 700), 1, EndAction.SETTLE, 500),
                        new Kind("team-tokens", refilling(random, 20_000, 4_000), 4, EndAction.SETTLE, 500),
                        new Kind("all-tokens", fixed(random, 10_000), USERS, EndAction.SETTLE, 500),
                        new Kind("day", new Algorithm.SlidingWindow(1L << 40, 24 * HOUR), USERS, EndAction.SETTLE, 500),
                        new Kind("all-parallel", new Algorithm.Parallel(40, HOUR), USERS, EndAction.RELEASE, 1)));
    }

    private static Kind requests(String name, Algorithm figures, int of) {
        return new Kind(name, figures, of, EndAction.KEEP, 1);
    }

    private static Algorithm sliding(Random random, long limit, int longestMillis) {
        return new Algorithm.SlidingWindow(limit + random.nextLong(limit), window(random, longestMillis));
    }

    private static Algorithm fixed(Random random, long limit) {
        return new Algorithm.FixedWindow(limit + random.nextLong(limit), new Periods.Every(window(random, 700)));
    }

    private static Algorithm refilling(Random random, long perSecond, long burst) {
        return Algorithm.TokenBucket.of(
                perSecond + random.nextLong(perSecond), 1_000 * MILLIS, burst + random.nextLong(burst));
    }

    /** Mostly not a whole number of cells. */
    private static long window(Random random, int longestMillis) {
        return (200 + random.nextInt(longestMillis - 200)) * MILLIS + random.nextInt(60);
    }

    StoreClock clock() {
        return new StoreClock(tag + ":clock");
    }

    /** The keys of all reservations begin with it. */
    public String reservations() {
        return tag + "/reservation:";
    }

    /** One to five charges of one user; a bucket that many share is asked less often. */
    Admission any(Random random, String name) {
        int user = random.nextInt(USERS);
        List<Kind> shuffled = new ArrayList<>(kinds);
        Collections.shuffle(shuffled, random);
        List<Charge> charges = new ArrayList<>();
        for (Kind kind : shuffled) {
            if (charges.size() < MOST_CHARGES && random.nextInt(kind.of() + 1) == 0) {
                charges.add(kind.charge(tag, user, random));
            }
        }
        if (charges.isEmpty()) {
            charges.add(shuffled.get(0).charge(tag, user, random));
        }
        boolean ends = charges.stream().anyMatch(charge -> charge.atEnd() != EndAction.KEEP);
        return ends ? new Admission(charges, reservations() + name, HOUR) : new Admission(charges, null, 0);
    }

    /** What a request really used: nothing, less, all of its estimate or more; or it is not known; or its client left before. */
    static Usage truth(Random random, long estimate) {
        return switch (random.nextInt(8)) {
            case 0 -> Usage.UNKNOWN;
            case 1 -> Usage.of(0);
            case 2, 3 -> Usage.UNDONE;
            case 4 -> Usage.of(estimate + random.nextLong(estimate / 2 + 1));
            default -> Usage.of(random.nextLong(estimate + 1));
        };
    }

    /** Asks every bucket how full it is, and takes nothing. */
    List<Admission> askAll() {
        List<Admission> all = new ArrayList<>();
        for (Kind kind : kinds) {
            for (int user = 0; user < USERS; user += kind.of()) {
                Charge nothing = new Charge(kind.bucket(tag, user), kind.figures(), 0, EndAction.KEEP);
                all.add(new Admission(List.of(nothing), null, 0));
            }
        }
        return all;
    }
}

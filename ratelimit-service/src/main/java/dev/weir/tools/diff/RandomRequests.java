package dev.weir.tools.diff;

import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Draws requests from the words of two policies: descriptors with the keys of one of their limits, in its order, one hit each. They come in
 * bursts that can use up a limit, and some time passes between them. The same policies, number and seed give the same requests.
 */
public final class RandomRequests {
    private static final long START_MICROS = 1_767_600_000L * 1_000_000;
    private static final int LONGEST_STEP = 10_000;
    private static final int LONGEST_PAUSE = 20_000_000;
    private static final int LONGEST_SLEEP = 2_000_000_000;
    private static final int SLEEPS = 20;

    private final SplittableRandom random;
    private final int mostDescriptors;
    private long nowMicros = START_MICROS;

    private RandomRequests(long seed, int mostDescriptors) {
        this.random = new SplittableRandom(seed);
        this.mostDescriptors = mostDescriptors;
    }

    /**
     * @param count the number of requests
     * @param mostDescriptors the most descriptors in one request, at least 1
     */
    public static List<TimedRequest> of(Policy one, Policy other, int count, long seed, int mostDescriptors) {
        return new RandomRequests(seed, mostDescriptors).draw(one, other, count);
    }

    private record Place(String domain, Vocabulary words) {}

    private List<TimedRequest> draw(Policy one, Policy other, int count) {
        TreeSet<String> names = new TreeSet<>(one.domains().keySet());
        names.addAll(other.domains().keySet());
        List<Place> places = new ArrayList<>();
        for (String name : names) {
            List<Domain> domains = Stream.of(one, other)
                    .map(policy -> policy.domains().get(name))
                    .filter(Objects::nonNull)
                    .toList();
            places.add(new Place(name, new Vocabulary(domains)));
        }
        List<TimedRequest> requests = new ArrayList<>();
        while (requests.size() < count) {
            Place place = any(places);
            Request request = request(place);
            long times = random.nextBoolean()
                    ? 1
                    : random.nextLong(1, any(place.words().amounts()) + 2);
            for (long i = 0; i < times && requests.size() < count; i++) {
                requests.add(new TimedRequest(nowMicros, request));
                nowMicros += random.nextInt(LONGEST_STEP);
            }
            nowMicros += random.nextInt(SLEEPS) == 0 ? random.nextInt(LONGEST_SLEEP) : random.nextInt(LONGEST_PAUSE);
        }
        return requests;
    }

    private Request request(Place place) {
        List<Descriptor> descriptors = new ArrayList<>();
        int count = random.nextInt(1, mostDescriptors + 1);
        for (int i = 0; i < count; i++) {
            List<String> texts = new ArrayList<>();
            for (String key : any(place.words().shapes())) {
                texts.add(key);
                texts.add(any(place.words().values(key)));
            }
            descriptors.add(new Descriptor(i, Attributes.of(texts.toArray(String[]::new)), 1, null));
        }
        return new Request(place.domain(), null, descriptors, List.of());
    }

    private <T> T any(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}

package dev.weir.xds;

import dev.weir.retry.RetrySchedule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says how to reach a management server.
 *
 * @param server {@code HOST:PORT}
 * @param tls null speaks plain text
 * @param node the name by which the server knows this service
 * @param nodeMetadata what else the server learns of this service
 * @param headers sent with each stream
 * @param retry how long to wait before trying again
 * @param maxMessageBytes the most bytes of one response; 0 is gRPC's own 4 MiB
 * @param waits true starts with the first policy; false starts without one, when calls fail and the service is not ready
 */
public record XdsSettings(
        String server,
        @Nullable Tls tls,
        String node,
        Map<String, String> nodeMetadata,
        Map<String, String> headers,
        Retry retry,
        int maxMessageBytes,
        boolean waits) {
    /** The defaults of envoyproxy/ratelimit. */
    public static final XdsSettings DEFAULT =
            new XdsSettings("localhost:18000", null, "default", Map.of(), Map.of(), Retry.DEFAULT, 0, true);

    public XdsSettings {
        nodeMetadata = Map.copyOf(nodeMetadata);
        headers = Map.copyOf(headers);
        if (maxMessageBytes < 0) {
            throw new IllegalArgumentException("a message cannot have " + maxMessageBytes + " bytes at most");
        }
    }

    /**
     * Names the files of TLS, which are PEM and read anew for each connection.
     *
     * @param authorities the authorities that are trusted; null leaves it to the JVM
     * @param certificates the chain of this service, its own first; null shows none
     * @param key the key of the first of them, in PKCS #8, PKCS #1 or SEC 1, not encrypted; null shows no certificate
     * @param name the name that the server's certificate has to bear; null is the host
     */
    public record Tls(
            @Nullable Path authorities,
            @Nullable Path certificates,
            @Nullable Path key,
            @Nullable String name) {}

    /**
     * The pauses between tries. They begin anew after a stream that lived as long as the longest of them.
     *
     * @param unreached the pauses where the server could not be reached
     * @param ended the pauses where a stream ended, or a policy was refused
     * @param randomFactor which part of a wait is left to chance, from 0 to below 1, so that replicas do not come all at once
     */
    public record Retry(RetrySchedule unreached, RetrySchedule ended, double randomFactor) {
        public static final Retry DEFAULT =
                of(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60), 0.5);

        public Retry {
            if (!(randomFactor >= 0 && randomFactor < 1)) {
                throw new IllegalArgumentException(
                        "the part that is left to chance must be from 0 to below 1, and not " + randomFactor);
            }
        }

        /** Returns schedules with the same longest pause. */
        public static Retry of(Duration unreached, Duration ended, Duration longest, double randomFactor) {
            return new Retry(new RetrySchedule(unreached, longest), new RetrySchedule(ended, longest), randomFactor);
        }

        /** Returns how long a stream has to live for what failed before it to count no more. */
        Duration good() {
            return ended.longest();
        }

        /**
         * Returns the pause before the next try.
         *
         * @param failures how many tries have failed in a row before the last one, from 0 on
         * @param random from 0 to below 1
         */
        Duration pause(RetrySchedule schedule, int failures, double random) {
            double whole = (double) schedule.pause(failures).toNanos();
            return Duration.ofNanos((long) (whole * (1 - randomFactor * random)));
        }
    }
}

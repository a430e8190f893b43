package dev.weir.xds;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import dev.weir.retry.RetrySchedule;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes policies from a management server as long as the service runs: state of the world, over the aggregated discovery service. A
 * response is used as a whole or not at all; what cannot be used is refused with all of its problems, and what was in force before stays,
 * also while the server is away.
 *
 * <p>Thread-safe. It makes one callback at a time.
 */
public final class XdsClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(XdsClient.class);

    private final XdsSettings settings;
    private final Subscription subscription;
    private final Later later;
    private final LongSupplier nanoTime;
    private final DoubleSupplier random;
    /** The number of streams in a row that did not live long enough. */
    private int failures;
    /** The number of times in a row that the policy refused last has come again. */
    private int refusals;

    private final Events events = new Events();
    private final CountDownLatch settled = new CountDownLatch(1);
    private @Nullable XdsStream stream;
    /** The number of responses that have come, on all streams. */
    private long responses;

    /** The time at which the stream was connected, in nanoseconds; null where it is not. */
    private @Nullable Long connectedAt;
    /** The reason why the server was lost or out of reach the last time; logged once. */
    private String trouble = "";
    /** Tells whether the log has said that the server answers since it last said that it does not. */
    private boolean answerTold;

    private boolean closed;

    /**
     * @param changed takes each policy that differs from the one before, and puts it into force; what it throws refuses that policy
     * @param refused takes what is wrong with one that is not used, which was logged already
     */
    public XdsClient(
            XdsSettings settings,
            DescriptorSettings reference,
            Consumer<Policy> changed,
            Consumer<List<Problem>> refused) {
        this(
                settings,
                new Subscription(settings, reference, changed, refused),
                new Later.OwnThread(),
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    XdsClient(
            XdsSettings settings,
            Subscription subscription,
            Later later,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        this.settings = settings;
        this.subscription = subscription;
        this.later = later;
        this.nanoTime = nanoTime;
        this.random = random;
    }

    /**
     * Begins to ask, and returns before there is an answer. A server that is not there is no error.
     *
     * @throws ConfigException if the settings can never lead to an answer, such as files of certificates that cannot be read
     */
    public synchronized void start() throws ConfigException {
        LOG.info("policies come from the management server {}", settings.server());
        open();
    }

    /** Waits for the first policy, however long it takes; false where none will come, because this was closed or interrupted. */
    public boolean awaitPolicy() {
        try {
            settled.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return hasPolicy();
    }

    /** Returns whether a policy has come; until then the service is not ready. */
    public synchronized boolean hasPolicy() {
        return subscription.hasPolicy();
    }

    /** Ends the stream, after which nothing is called back. */
    @Override
    public void close() {
        XdsStream last;
        synchronized (this) {
            closed = true;
            last = stream;
            stream = null;
            later.close();
            if (last != null) {
                last.close();
            }
        }
        settled.countDown();
        if (last != null) {
            last.awaitEnd();
        }
    }

    private void open() throws ConfigException {
        XdsStream next = new XdsStream(Channels.open(settings), events);
        stream = next;
        connectedAt = null;
        next.open();
        next.send(subscription.first());
    }

    private synchronized void tryAgain() {
        if (closed) {
            return;
        }
        try {
            open();
        } catch (ConfigException e) {
            // The settings could be used at the start: the files may be just about to be replaced.
            waitAfter(PrintableReply.problems(e.problems()), settings.retry().unreached());
        } catch (RuntimeException e) {
            LOG.error("no stream from the management server {}", settings.server(), e);
            abandon();
            waitAfter(String.valueOf(e), settings.retry().unreached());
        }
    }

    private void abandon() {
        if (stream != null) {
            stream.close();
            stream = null;
        }
    }

    private void waitAfter(String reason, RetrySchedule pauses) {
        Duration wait = settings.retry().pause(pauses, failures++, random.getAsDouble());
        if (!reason.equals(trouble)) {
            trouble = reason;
            answerTold = false;
            LOG.warn(
                    "no stream from the management server {}: {}; {}, and the next try is in {} ms",
                    settings.server(),
                    reason,
                    subscription.hasPolicy() ? "the last policy stays" : "there is no policy yet",
                    wait.toMillis());
        }
        later.run(this::tryAgain, wait);
    }

    private void tellAnswer() {
        if (!answerTold) {
            answerTold = true;
            LOG.info("the management server {} answers", settings.server());
        }
    }

    private synchronized void refuseAgain(XdsStream on, DiscoveryResponse response, long number) {
        if (on.equals(stream) && number == responses) {
            on.send(subscription.answer(response));
        }
    }

    private final class Events implements XdsStream.Listener {
        @Override
        public void connected(XdsStream on) {
            synchronized (XdsClient.this) {
                if (on.equals(stream)) {
                    connectedAt = nanoTime.getAsLong();
                }
            }
        }

        @Override
        public void received(XdsStream on, DiscoveryResponse response) {
            synchronized (XdsClient.this) {
                if (!on.equals(stream)) {
                    return;
                }
                long number = ++responses;
                tellAnswer();
                if (subscription.isRefusedAgain(response)) {
                    later.run(
                            () -> refuseAgain(on, response, number),
                            settings.retry().pause(settings.retry().ended(), refusals++, random.getAsDouble()));
                    return;
                }
                refusals = 0;
                on.send(subscription.answer(response));
                if (subscription.hasPolicy()) {
                    settled.countDown();
                }
            }
        }

        @Override
        public void lost(XdsStream on, Status status) {
            synchronized (XdsClient.this) {
                if (!on.equals(stream)) {
                    return;
                }
                abandon();
                XdsSettings.Retry retry = settings.retry();
                if (connectedAt != null
                        && nanoTime.getAsLong() - connectedAt >= retry.good().toNanos()) {
                    failures = 0;
                    trouble = "";
                }
                waitAfter(Reasons.of(status), connectedAt == null ? retry.unreached() : retry.ended());
                if (Reasons.isTooLarge(status)) {
                    subscription.unreceived(Reasons.of(status));
                }
            }
        }
    }
}

package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Policy;
import dev.weir.testing.Await;
import dev.weir.wire.config.RateLimitConfig;
import dev.weir.wire.config.RateLimitDescriptor;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream, against a management server that does what it likes. */
class XdsClientIT {
    private static final RateLimitConfig FIVE = Configurations.perUser("llm", 5);
    private static final RateLimitConfig SIX = Configurations.perUser("llm", 6);
    private static final RateLimitConfig BAD = RateLimitConfig.newBuilder()
            .setName("llm")
            .setDomain("llm")
            .addDescriptors(RateLimitDescriptor.newBuilder().setKey("user"))
            .addDescriptors(RateLimitDescriptor.newBuilder().setKey("user"))
            .build();

    private final List<Policy> policies = new CopyOnWriteArrayList<>();
    private final List<List<Problem>> refusals = new CopyOnWriteArrayList<>();
    private final ManualLater later = new ManualLater();
    private final AtomicLong nanos = new AtomicLong();
    private ManagementServer server;
    private XdsClient client;

    @BeforeEach
    void start() throws Exception {
        server = ManagementServer.start();
        client = client(settings(server.port(), 0));
        client.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static XdsSettings settings(int port, int maxMessageBytes) {
        XdsSettings.Retry retry =
                XdsSettings.Retry.of(Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(60), 0);
        return new XdsSettings(
                "127.0.0.1:" + port,
                null,
                "weir-1",
                Map.of("zone", "a"),
                Map.of("authorization", "Bearer s3cret"),
                retry,
                maxMessageBytes,
                true);
    }

    private XdsClient client(XdsSettings settings) {
        Subscription subscription =
                new Subscription(settings, DescriptorSettings.DEFAULT, policies::add, refusals::add);
        return new XdsClient(settings, subscription, later, nanos::get, () -> 0);
    }

    @Test
    void theFirstRequestSaysWhoAsksAndForWhatAndTheOthersDoNotRepeatIt() throws Exception {
        Metadata headers = server.headers();
        ManagementServer.Stream stream = server.stream();
        DiscoveryRequest first = stream.request();
        DiscoveryRequest second = stream.send("1", FIVE);

        assertEquals("Bearer s3cret", headers.get(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER)));
        assertEquals("weir-1", first.getNode().getId());
        assertEquals("a", first.getNode().getMetadata().getFieldsOrThrow("zone").getStringValue());
        assertEquals(ResourceReader.TYPE_URL, first.getTypeUrl());
        assertEquals("", first.getVersionInfo());
        assertEquals("", first.getResponseNonce());
        assertEquals(0, first.getResourceNamesCount());
        assertFalse(second.hasNode());
    }

    @Test
    void aConfigurationIsPutIntoForceAndAccepted() throws Exception {
        ManagementServer.Stream stream = opened();
        assertFalse(client.hasPolicy());
        assertAccepted("1", stream.send("1", FIVE));
        assertAccepted("2", stream.send("2", SIX));

        assertTrue(client.awaitPolicy());
        assertEquals(List.of(5L, 6L), amounts());
    }

    @Test
    void whatIsWrongIsRefusedWithItsPlaceAndTheLastGoodOneStays() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        DiscoveryRequest refusal = stream.send("2", Configurations.perUser("other", 1), BAD);

        assertEquals("1", refusal.getVersionInfo());
        assertEquals("n-2", refusal.getResponseNonce());
        assertEquals(3, refusal.getErrorDetail().getCode());
        assertEquals(
                "domain `llm`: descriptors[1].key: error descriptor: the descriptor `user` stands at domain `llm`:"
                        + " descriptors[0].key already; put what is below them together",
                refusal.getErrorDetail().getMessage());
        assertEquals(List.of(5L), amounts());
        assertEquals(1, refusals.size());

        assertAccepted("3", stream.send("3", SIX));
        assertEquals(List.of(5L, 6L), amounts());
    }

    @Test
    void aFirstOneThatIsWrongIsNoPolicy() throws Exception {
        DiscoveryRequest refusal = opened().send("1", BAD);

        assertEquals("", refusal.getVersionInfo());
        assertTrue(refusal.hasErrorDetail());
        assertFalse(client.hasPolicy());
    }

    @Test
    void ofManyProblemsTheServerIsToldTheFirst() throws Exception {
        RateLimitConfig.Builder many = RateLimitConfig.newBuilder().setDomain("llm");
        for (int i = 0; i < 500; i++) {
            many.addDescriptors(RateLimitDescriptor.getDefaultInstance());
        }
        String detail = opened().send("1", many.build()).getErrorDetail().getMessage();

        assertEquals(21, detail.lines().count());
        assertTrue(detail.endsWith("\nand 480 more"), detail);
        assertEquals(500, refusals.get(0).size());
    }

    @Test
    void aResponseOfAnotherTypeIsRefusedEvenIfItIsEmpty() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        stream.send(DiscoveryResponse.newBuilder()
                .setVersionInfo("2")
                .setNonce("n-2")
                .setTypeUrl("type.googleapis.com/envoy.config.cluster.v3.Cluster")
                .build());
        DiscoveryRequest refusal = stream.request();

        assertEquals("1", refusal.getVersionInfo());
        assertEquals(
                "type_url: error xds-resource: nobody asked for `type.googleapis.com/envoy.config.cluster.v3.Cluster`; send "
                        + ResourceReader.TYPE_URL,
                refusal.getErrorDetail().getMessage());
        assertEquals(List.of(5L), amounts());
    }

    @Test
    void aResourceOfAnotherTypeRefusesAllOfThem() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send(ManagementServer.response("1", Any.pack(FIVE), Any.pack(StringValue.of("x"))));

        assertTrue(stream.request().hasErrorDetail());
        assertEquals(List.of(), policies);
    }

    @Test
    void withoutResourcesNothingIsLimited() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        assertAccepted("2", stream.send("2"));

        assertEquals(Map.of(), policies.get(1).domains());
        assertEquals(
                ResourceReader.read(List.of(), DescriptorSettings.DEFAULT).version(),
                policies.get(1).version());
    }

    @Test
    void whatCannotBePutIntoForceIsRefused() throws Exception {
        server.stream();
        client.close();
        XdsSettings settings = settings(server.port(), 0);
        Subscription failing = new Subscription(
                settings,
                DescriptorSettings.DEFAULT,
                policy -> {
                    throw new IllegalStateException("no room");
                },
                refusals::add);
        client = new XdsClient(settings, failing, later, nanos::get, () -> 0);
        client.start();
        DiscoveryRequest refusal = opened().send("1", FIVE);

        assertEquals(
                "response: error xds-resource: cannot be put into force: java.lang.IllegalStateException: no room",
                refusal.getErrorDetail().getMessage());
        assertFalse(client.hasPolicy());
    }

    @Test
    void afterALossItAsksForEverythingAgainAndDoesNotApplyTheSameTwice() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        stream.end();
        assertEquals(Duration.ofSeconds(10), later.runNext());

        ManagementServer.Stream next = server.stream();
        DiscoveryRequest first = next.request();
        assertEquals("", first.getVersionInfo());
        assertEquals("", first.getResponseNonce());
        assertEquals("weir-1", first.getNode().getId());
        assertAccepted("1", next.send("1", FIVE));
        assertAccepted("renamed", next.send("renamed", FIVE));
        assertEquals(List.of(5L), amounts());
        assertAccepted("3", next.send("3", SIX));
        assertEquals(List.of(5L, 6L), amounts());
    }

    @Test
    void aServerThatWasStartedAnewMayCountItsVersionsFromOneAgain() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        stream.end();
        later.runNext();

        assertAccepted("1", opened().send("1", SIX));
        assertEquals(List.of(5L, 6L), amounts());
    }

    @Test
    void aStreamThatFlapsIsTriedMoreAndMoreSeldom() throws Exception {
        for (int seconds : new int[] {10, 20, 40, 60, 60}) {
            ManagementServer.Stream stream = opened();
            stream.send("1", FIVE);
            stream.end();
            Await.until("the loss", () -> later.waiting() > 0);
            assertEquals(0, server.streamsWaiting());
            assertEquals(Duration.ofSeconds(seconds), later.runNext());
        }
        ManagementServer.Stream longer = opened();
        longer.send("1", FIVE);
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        longer.end();
        assertEquals(Duration.ofSeconds(10), later.runNext());
        assertEquals(List.of(5L), amounts());
    }

    @Test
    void aServerThatSendsAgainWhatWasRefusedIsAnsweredLater() throws Exception {
        ManagementServer.Stream stream = opened();
        String detail = stream.send("1", BAD).getErrorDetail().getMessage();
        for (int seconds : new int[] {10, 20, 40}) {
            stream.send(ManagementServer.response("1", Any.pack(BAD)).toBuilder()
                    .setNonce("again")
                    .build());
            Await.until("the repeat", () -> later.waiting() > 0);
            assertEquals(0, stream.requestsWaiting());
            assertEquals(Duration.ofSeconds(seconds), later.runNext());
            DiscoveryRequest refusal = stream.request();
            assertEquals("again", refusal.getResponseNonce());
            assertEquals(detail, refusal.getErrorDetail().getMessage());
        }
        assertEquals(1, refusals.size());
    }

    @Test
    void aRefusalThatWaitsIsForgottenWhenAnotherConfigurationComes() throws Exception {
        ManagementServer.Stream stream = opened();
        stream.send("1", BAD);
        stream.send(ManagementServer.response("1", Any.pack(BAD)));
        Await.until("the repeat", () -> later.waiting() > 0);
        assertAccepted("2", stream.send("2", FIVE));
        later.runNext();

        assertAccepted("3", stream.send("3", SIX));
        assertEquals(0, stream.requestsWaiting());
    }

    @Test
    void aServerThatIsNotThereIsAskedUntilItComes() throws Exception {
        int port = server.port();
        client.close();
        server.close();
        client = client(settings(port, 0));
        client.start();
        assertEquals(Duration.ofSeconds(3), later.runNext());
        assertEquals(Duration.ofSeconds(6), later.runNext());
        Await.until("the third failure", () -> later.waiting() > 0);
        assertFalse(client.hasPolicy());

        server = ManagementServer.at(port);
        assertEquals(Duration.ofSeconds(12), later.runNext());
        opened().send("1", FIVE);
        assertTrue(client.awaitPolicy());
    }

    @Test
    void aMessageThatIsTooLargeIsToldAndTheLastGoodOneStays() throws Exception {
        server.stream();
        client.close();
        client = client(settings(server.port(), 1_000));
        client.start();
        ManagementServer.Stream stream = opened();
        stream.send("1", FIVE);
        stream.send(ManagementServer.response("2", Any.pack(Configurations.perUser("d".repeat(1_000), 1))));

        assertEquals(Duration.ofSeconds(10), later.runNext());
        String problem = refusals.get(0).get(0).toString();
        assertTrue(
                problem.startsWith(
                        "response: error xds-server: RESOURCE_EXHAUSTED: gRPC message exceeds maximum size 1000: "),
                problem);
        assertTrue(problem.endsWith("allow larger messages (XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES)"), problem);
        opened();
        assertEquals(List.of(5L), amounts());
    }

    @Test
    void closingEndsTheStreamAndWhoeverWaits() throws Exception {
        ManagementServer.Stream stream = opened();
        client.close();
        stream.awaitEnd();

        assertTrue(later.isClosed());
        assertFalse(client.awaitPolicy());
        assertEquals(0, later.waiting());
    }

    @Test
    void anAddressOrAHeaderThatNeverCanBeUsedIsToldAtTheStart() {
        XdsSettings good = settings(1, 0);
        XdsSettings header =
                new XdsSettings(good.server(), null, "", Map.of(), Map.of("no header", "x"), good.retry(), 0, true);
        ConfigException e =
                assertThrows(ConfigException.class, () -> client(header).start());

        assertTrue(
                e.getMessage().startsWith("127.0.0.1:1: error xds-server: the management server cannot be asked: "),
                e.getMessage());
    }

    /** The next stream, behind its first request. */
    private ManagementServer.Stream opened() throws InterruptedException {
        ManagementServer.Stream stream = server.stream();
        stream.request();
        return stream;
    }

    private List<Long> amounts() {
        return policies.stream()
                .map(policy -> policy.domain("llm").limits().get(0).allow().amount())
                .toList();
    }

    private static void assertAccepted(String version, DiscoveryRequest answer) {
        assertEquals(version, answer.getVersionInfo());
        assertEquals("n-" + version, answer.getResponseNonce());
        assertFalse(answer.hasErrorDetail(), answer::toString);
    }
}

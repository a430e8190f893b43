package dev.weir.xds;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.weir.bucket.ManualClock;
import dev.weir.bucket.memory.MemoryBuckets;
import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.decide.Decider;
import dev.weir.decide.Decision;
import dev.weir.policy.DescriptorSettings;
import dev.weir.policy.Domain;
import dev.weir.policy.Policy;
import dev.weir.policy.read.PolicyReader;
import dev.weir.request.Attributes;
import dev.weir.request.Descriptor;
import dev.weir.request.Request;
import dev.weir.wire.config.RateLimitConfig;
import dev.weir.wire.config.RateLimitDescriptor;
import dev.weir.wire.config.RateLimitPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A message means what the same file means, and is used as a whole or not at all. */
class ResourceReaderTest {
    private static final DescriptorSettings MERGING = DescriptorSettings.DEFAULT;
    private static final DescriptorSettings ALONE = new DescriptorSettings(
            false,
            MERGING.misfitsFirst(),
            MERGING.shadow(),
            MERGING.quota(),
            MERGING.headers(),
            MERGING.metadata(),
            MERGING.nearLimitRatio());

    private static final String EVERYTHING = """
            domain: llm
            descriptors:
              - key: user
                value: alice
                detailed_metric: true
                metadata: {plan: gold, seats: 12, nested: {list: [1, two, true, null]}}
                rate_limit: {unit: week, requests_per_unit: 4294967295, name: gold, replaces: [{name: base}, {name: low}]}
              - key: user
                shadow_mode: true
                rate_limit: {unit: month, requests_per_unit: 5, name: base}
              - key: team
                quota_mode: true
                rate_limit: {unit: second, requests_per_unit: 0}
                descriptors:
                  - key: path
                    value: /v1/*
                    rate_limit: {unlimited: true}
                  - {key: path, rate_limit: {unit: year, requests_per_unit: 7}}
              - {key: a, rate_limit: {unit: minute, requests_per_unit: 1}}
              - {key: b, rate_limit: {unit: hour, requests_per_unit: 2}}
              - {key: c, rate_limit: {unit: day, requests_per_unit: 3}}
            """;

    /** A route, the matches of a rule below it, the limit at the end, some in shadow mode: as Envoy Gateway builds its trees. */
    private static final String GATEWAY = """
            domain: default/shop/http
            descriptors:
              - key: httproute/default/search/rule/0
                value: httproute/default/search/rule/0
                descriptors:
                  - key: rule-0-match-0
                    value: rule-0-match-0
                    descriptors:
                      - key: rule-0-match-1
                        rate_limit: {unit: HOUR, requests_per_unit: 3}
                  - key: masked_remote_address
                    value: 10.1.0.0/16
                    descriptors:
                      - key: remote_address
                        rate_limit: {unit: MINUTE, requests_per_unit: 2}
                        shadow_mode: true
                    shadow_mode: true
                  - key: rule-2-method
                    value: rule-2-method
                    rate_limit: {unit: YEAR, requests_per_unit: 4}
              - key: httproute/default/cart/rule/0
                value: httproute/default/cart/rule/0
                descriptors:
                  - key: httproute/default/cart/rule/0
                    value: httproute/default/cart/rule/0
                    rate_limit: {unit: SECOND, requests_per_unit: 1}
            """;

    @TempDir
    private Path folder;

    @Test
    void everyFieldMeansWhatTheKeyOfAFileMeans() throws Exception {
        assertEquals(described(fromFile(EVERYTHING), "llm"), described(read(Configurations.of(EVERYTHING)), "llm"));
    }

    @Test
    void whatEnvoyGatewaySendsIsDecidedAsTheSameFile() throws Exception {
        String search = "httproute/default/search/rule/0";
        String cart = "httproute/default/cart/rule/0";
        List<Attributes> asked = List.of(
                Attributes.of(search, search, "rule-0-match-0", "rule-0-match-0", "rule-0-match-1", "alice"),
                Attributes.of(search, search, "rule-0-match-0", "rule-0-match-0", "rule-0-match-1", "bob"),
                Attributes.of(search, search, "masked_remote_address", "10.1.0.0/16", "remote_address", "10.1.2.3"),
                Attributes.of(search, search, "masked_remote_address", "10.2.0.0/16", "remote_address", "10.2.2.3"),
                Attributes.of(search, search, "rule-2-method", "rule-2-method"),
                Attributes.of(cart, cart, cart, cart),
                Attributes.of(cart, cart));
        List<String> decisions = decisions(read(Configurations.of(GATEWAY)), asked);

        assertEquals(decisions(fromFile(GATEWAY), asked), decisions);
        assertTrue(decisions.stream().anyMatch(decision -> decision.startsWith("Refused")), decisions::toString);
        assertTrue(decisions.stream().anyMatch(decision -> decision.startsWith("Allowed")), decisions::toString);
    }

    @Test
    void domainsThatNobodySentAreNotLimited() throws Exception {
        Domain other = read(Configurations.perUser("llm", 1)).domain("other");

        assertNotNull(other);
        assertEquals(List.of(), other.limits());
        assertEquals(List.of(), Objects.requireNonNull(read().domain("llm")).limits());
    }

    @Test
    void theVersionFollowsFromTheConfigurationsAndNotFromTheirOrder() throws Exception {
        RateLimitConfig one = Configurations.perUser("one", 1);
        RateLimitConfig two = Configurations.perUser("two", 1);
        String version = read(one, two).version();

        assertTrue(version.matches("[0-9a-f]{12}"), version);
        assertEquals(version, read(two, one).version());
        assertNotEquals(version, read(one, Configurations.perUser("two", 2)).version());
        assertNotEquals(version, read(one).version());
    }

    @Test
    void theOrderOfTheKeysOfMetadataDoesNotTellReplicasApart() throws Exception {
        String other =
                EVERYTHING.replace("plan: gold, seats: 12,", "").replace("null]}", "null]}, seats: 12, plan: gold");

        assertNotEquals(
                Configurations.of(EVERYTHING).toByteString(),
                Configurations.of(other).toByteString());
        assertEquals(
                read(Configurations.of(EVERYTHING)).version(),
                read(Configurations.of(other)).version());
    }

    @Test
    void aDomainInTwoResourcesIsMergedInTheOrderOfTheirNamesOrRefused() throws Exception {
        RateLimitConfig b = named("b", Configurations.perUser("llm", 1));
        RateLimitConfig a = named(
                "a",
                Configurations.of(
                        "{domain: llm, descriptors: [{key: team, rate_limit: {unit: day, requests_per_unit: 9}}]}"));

        assertEquals(
                List.of("team", "user"),
                Objects.requireNonNull(read(b, a).domain("llm")).limits().stream()
                        .map(limit -> limit.name())
                        .toList());
        assertEquals(
                List.of("domain `llm` in resource `b`: error descriptor: the domain stands in another resource already"
                        + " (domain `llm` in resource `a`); give it one resource, or set MERGE_DOMAIN_CONFIG=true"),
                problems(ALONE, Any.pack(b), Any.pack(a)));
        assertEquals(
                List.of(
                        "domain `llm` in resource `b`: descriptors[0].key: error descriptor: the descriptor `user` stands at"
                                + " domain `llm` in resource `a`: descriptors[0].key already; put what is below them together"),
                problems(MERGING, Any.pack(b), Any.pack(named("a", b))));
    }

    @Test
    void allProblemsOfAllResourcesAreToldWithTheirPlaces() {
        RateLimitConfig deep = RateLimitConfig.newBuilder()
                .setDomain("llm")
                .addDescriptors(RateLimitDescriptor.newBuilder().setKey("a"))
                .addDescriptors(RateLimitDescriptor.newBuilder().setKey("b").addDescriptors(limited(limit(1))))
                .addDescriptors(limited(RateLimitPolicy.newBuilder().setRequestsPerUnit(1)))
                .addDescriptors(RateLimitDescriptor.newBuilder())
                .build();
        assertEquals(
                List.of(
                        "domain `llm`: descriptors[1].descriptors[0].rate_limit.unit: error descriptor: what is `unlimited` has no"
                                + " `unit`; remove one of them",
                        "domain `llm`: descriptors[2].rate_limit.unit: error descriptor: a limit needs a `unit`: second, minute,"
                                + " hour, day, week, month, year",
                        "domain `llm`: descriptors[3].key: error descriptor: a descriptor needs a `key` that is not empty",
                        "resource `nameless`: error xds-resource: has no `domain`; give it the `domain` of Envoy's rate limit"
                                + " filter"),
                problems(MERGING, Any.pack(deep), Any.pack(named("nameless", RateLimitConfig.getDefaultInstance()))));
    }

    @ParameterizedTest
    @CsvSource({"8", "99", "-1"})
    void aUnitOfALaterVersionIsRefusedUnlessNothingIsCounted(int unit) throws Exception {
        RateLimitPolicy.Builder limit = limit(unit).setUnlimited(false);
        List<String> problems = problems(MERGING, Any.pack(domain(limit)));

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).contains("unknown unit `" + unit + "`"), problems.get(0));
        assertEquals(
                1,
                Objects.requireNonNull(read(domain(limit.setUnlimited(true))).domain("llm"))
                        .limits()
                        .size());
    }

    @Test
    void whatIsNoConfigurationIsRefusedWithItsPosition() {
        Any good = Any.pack(Configurations.perUser("llm", 1));
        Any broken = good.toBuilder().setValue(ByteString.fromHex("0aff")).build();
        Any noText = good.toBuilder().setValue(ByteString.fromHex("0a02c328")).build();
        List<String> problems =
                problems(MERGING, good, Any.pack(StringValue.of("x")), broken, noText, Any.getDefaultInstance());

        assertEquals(
                "resources[1]: error xds-resource: is of the type `type.googleapis.com/google.protobuf.StringValue`; send "
                        + ResourceReader.TYPE_URL,
                problems.get(0));
        assertTrue(problems.get(1).startsWith("resources[2]: error xds-resource: is no RateLimitConfig: "));
        assertTrue(problems.get(2).startsWith("resources[3]: error xds-resource: is no RateLimitConfig: "));
        assertTrue(problems.get(3).startsWith("resources[4]: error xds-resource: is of the type ``"));
        assertEquals(4, problems.size());
    }

    @Test
    void whatIsNestedTooDeepIsRefused() {
        RateLimitDescriptor descriptor = limited(limit(1).setUnlimited(false)).build();
        for (int i = 0; i < 200; i++) {
            descriptor = RateLimitDescriptor.newBuilder()
                    .setKey("k")
                    .addDescriptors(descriptor)
                    .build();
        }
        List<String> problems = problems(
                MERGING,
                Any.pack(RateLimitConfig.newBuilder()
                        .setDomain("llm")
                        .addDescriptors(descriptor)
                        .build()));

        assertEquals(1, problems.size());
        assertTrue(problems.get(0).startsWith("resources[0]: error xds-resource: is no RateLimitConfig: "));
    }

    @Test
    void theNamesOfAServerCannotBreakALine() {
        RateLimitConfig config = RateLimitConfig.newBuilder()
                .setDomain("l\nl\u001b[31m" + "m".repeat(10_000))
                .addDescriptors(RateLimitDescriptor.newBuilder())
                .build();
        String problem = problems(MERGING, Any.pack(config)).get(0);

        assertTrue(problem.startsWith("domain `l\\nl\\u001b[31mmmm"), problem);
        assertTrue(problem.length() < 1_000, problem);
    }

    @Test
    void theTypeIsThePublishedOne() {
        assertEquals("type.googleapis.com/ratelimit.config.ratelimit.v3.RateLimitConfig", ResourceReader.TYPE_URL);
    }

    private static RateLimitDescriptor.Builder limited(RateLimitPolicy.Builder limit) {
        return RateLimitDescriptor.newBuilder().setKey("k").setRateLimit(limit);
    }

    /** Unlimited. */
    private static RateLimitPolicy.Builder limit(int unit) {
        return RateLimitPolicy.newBuilder().setUnitValue(unit).setUnlimited(true);
    }

    private static RateLimitConfig domain(RateLimitPolicy.Builder limit) {
        return RateLimitConfig.newBuilder()
                .setDomain("llm")
                .addDescriptors(limited(limit))
                .build();
    }

    private static RateLimitConfig named(String name, RateLimitConfig config) {
        return config.toBuilder().setName(name).build();
    }

    private static Policy read(RateLimitConfig... configs) throws ConfigException {
        return ResourceReader.read(Arrays.stream(configs).map(Any::pack).toList(), MERGING);
    }

    private static List<String> problems(DescriptorSettings settings, Any... resources) {
        return assertThrows(ConfigException.class, () -> ResourceReader.read(List.of(resources), settings))
                .problems()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    private Policy fromFile(String yaml) throws Exception {
        return PolicyReader.read(List.of(Files.writeString(folder.resolve("policy.yaml"), yaml)), MERGING);
    }

    /** All but where it stands. */
    private static String described(Policy policy, String name) {
        Domain domain = Objects.requireNonNull(policy.domain(name));
        return domain.descriptors().tree().leaves().stream()
                .map(leaf -> Stream.of(
                                leaf.limit().name(),
                                leaf.limit().scope(),
                                leaf.limit().allow(),
                                leaf.limit().algorithm(),
                                leaf.limit().bucketPrefix(),
                                leaf.name(),
                                leaf.replaces(),
                                // In any order.
                                leaf.metadata().hashCode(),
                                leaf.quota(),
                                leaf.detailedMetric())
                        .map(String::valueOf)
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining("\n"));
    }

    /** Each is asked five times. */
    private static List<String> decisions(Policy policy, List<Attributes> asked) {
        Decider decider = new Decider(policy, new MemoryBuckets(1_000, new ManualClock()), Duration.ofHours(1));
        return Stream.iterate(0, round -> round < 5, round -> round + 1)
                .flatMap(round -> asked.stream())
                .map(attributes -> told(decider.decide(new Request(
                                "default/shop/http", "id", List.of(new Descriptor(attributes, 1)), List.of()))
                        .toCompletableFuture()
                        .join()))
                .toList();
    }

    private static String told(Decision decision) {
        return decision.getClass().getSimpleName()
                + Stream.concat(decision.standings().stream(), decision.shadows().stream())
                        .map(standing -> " " + standing.limit().name() + " " + standing.level())
                        .collect(Collectors.joining());
    }
}

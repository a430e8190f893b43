package dev.weir.dropin.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weir.config.ConfigException;
import dev.weir.config.Problem;
import dev.weir.dropin.PolicyPlace;
import dev.weir.dropin.RuntimeDirectory;
import dev.weir.policy.DescriptorSettings;
import dev.weir.xds.XdsSettings;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The variables of envoyproxy/ratelimit mean here what they mean there. */
class ReferenceEnvironmentTest {
    private final Map<String, String> variables = new HashMap<>(Map.of("RUNTIME_SUBDIRECTORY", "ratelimit"));

    @TempDir
    private Path folder;

    @Test
    void itsDefaultsHold() throws Exception {
        ReferenceEnvironment read = read();

        assertEquals(new InetSocketAddress("0.0.0.0", 8080), read.http());
        assertEquals(new InetSocketAddress("0.0.0.0", 8081), read.grpc());
        assertEquals(new InetSocketAddress("0.0.0.0", 6070), read.standIn().debug());
        assertEquals(Duration.ofHours(24), read.connections().age());
        assertEquals(Duration.ofHours(1), read.connections().grace());
        assertNull(read.connections().tls());
        assertNull(read.standIn().scrape());
        assertEquals(
                new PolicyPlace.RuntimeFiles(
                        new RuntimeDirectory(Path.of("/srv/runtime_data/current"), "ratelimit", "config.", false),
                        new DescriptorSettings(false, false, false, false, null, false, 0.8f)),
                read.policy());
    }

    @Test
    void eachSettingOfTheDialectIsRead() throws Exception {
        set("MERGE_DOMAIN_CONFIG=1 STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT=t SHADOW_MODE=True QUOTA_MODE=TRUE"
                + " RESPONSE_DYNAMIC_METADATA=true NEAR_LIMIT_RATIO=.9 LIMIT_RESPONSE_HEADERS_ENABLED=true"
                + " LIMIT_LIMIT_HEADER=a LIMIT_REMAINING_HEADER=b LIMIT_RESET_HEADER=c");

        assertEquals(
                new DescriptorSettings(
                        true, true, true, true, new DescriptorSettings.Headers("a", "b", "c"), true, 0.9f),
                ((PolicyPlace.RuntimeFiles) read().policy()).settings());
    }

    @Test
    void theRootIsNotWatchedWhereThatIsSaid() throws Exception {
        set("RUNTIME_ROOT=/data RUNTIME_SUBDIRECTORY=sub RUNTIME_APPDIRECTORY=app RUNTIME_WATCH_ROOT=false"
                + " RUNTIME_IGNOREDOTFILES=true");

        assertEquals(
                new RuntimeDirectory(Path.of("/data/sub"), "app", "", true),
                ((PolicyPlace.RuntimeFiles) read().policy()).directory());
    }

    @Test
    void aSlashIsTheRootItself() throws Exception {
        set("RUNTIME_ROOT=/data RUNTIME_SUBDIRECTORY=/");

        assertEquals(
                new RuntimeDirectory(Path.of("/data"), "", "config.", false),
                ((PolicyPlace.RuntimeFiles) read().policy()).directory());
    }

    @Test
    void listenersAreWhereTheyAreSaidToBe() throws Exception {
        set("HOST=127.0.0.1 PORT=1 GRPC_UDS=/run/r.sock DEBUG_HOST=::1 DEBUG_PORT=2 USE_PROMETHEUS=true"
                + " PROMETHEUS_ADDR=[::1]:65535 PROMETHEUS_PATH=/m GRPC_MAX_CONNECTION_AGE=0");
        ReferenceEnvironment read = read();

        assertEquals("/127.0.0.1:1", read.http().toString());
        assertEquals(UnixDomainSocketAddress.of("/run/r.sock"), read.grpc());
        assertEquals("/[0:0:0:0:0:0:0:1]:2", read.standIn().debug().toString());
        assertNotNull(read.standIn().scrape());
        assertEquals(
                "/[0:0:0:0:0:0:0:1]:65535", read.standIn().scrape().address().toString());
        assertEquals("/m", read.standIn().scrape().path());
        assertNull(read.connections().age());
    }

    @Test
    void withoutARedisTheBucketsAreInMemoryAndThatIsSaid() throws Exception {
        ReferenceEnvironment read = read();

        assertNull(read.store().redis());
        assertTrue(read.notes().get(0).contains("in memory"), read.notes()::toString);
    }

    @Test
    void ignoredVariablesAreNamedWhereTheyAskForSomething() throws Exception {
        set("REDIS_SOCKET_TYPE=tcp REDIS_URL=r:1 REDIS_POOL_SIZE=5 USE_STATSD=false EXTRA_TAGS=a:b TRACING_ENABLED=0");

        assertEquals(
                List.of(
                        "REDIS_POOL_SIZE has no effect: one connection carries all calls",
                        "EXTRA_TAGS has no effect: labels are added where the metrics are scraped"),
                read().notes());
    }

    @ParameterizedTest
    @CsvSource({
        "HOST=no.such.host.invalid, HOST",
        "PORT=65536, PORT",
        "PORT=, PORT",
        "GRPC_PORT=abc, GRPC_PORT",
        "DEBUG_PORT=-1, DEBUG_PORT",
        "GRPC_MAX_CONNECTION_AGE=10, GRPC_MAX_CONNECTION_AGE",
        "GRPC_SERVER_USE_TLS=true, GRPC_SERVER_USE_TLS",
        "SHADOW_MODE=yes, SHADOW_MODE",
        "NEAR_LIMIT_RATIO=80, NEAR_LIMIT_RATIO",
        "NEAR_LIMIT_RATIO=NaN, NEAR_LIMIT_RATIO",
        "LOG_LEVEL=loud, LOG_LEVEL",
        "BACKEND_TYPE=memcache, BACKEND_TYPE",
        "CONFIG_TYPE=HTTP, CONFIG_TYPE",
        "CONFIG_TYPE=GRPC_XDS_SOTW XDS_CLIENT_BACKOFF_RANDOM_FACTOR=1, XDS_CLIENT_BACKOFF_RANDOM_FACTOR",
        "REDIS_URL=here, REDIS_URL",
        "REDIS_URL=redis:6379, REDIS_URL",
        "REDIS_SOCKET_TYPE=tcp REDIS_URL=/a.sock, REDIS_URL",
        "REDIS_SOCKET_TYPE=udp REDIS_URL=/a.sock, REDIS_SOCKET_TYPE",
        "REDIS_TYPE=CLUSTER REDIS_URL=/a.sock, REDIS_TYPE",
        "REDIS_TYPE=SENTINEL REDIS_URL=/a.sock, REDIS_URL",
        "'REDIS_TYPE=SENTINEL REDIS_URL=m,s:1 REDIS_SENTINEL_AUTH=x', REDIS_SENTINEL_AUTH",
        "REDIS_TLS=true REDIS_URL=/a.sock, REDIS_TLS",
        "REDIS_TLS=true REDIS_URL=redis://r:1 REDIS_TLS_CACERT=/no/such.pem, REDIS_TLS_CACERT",
        "REDIS_TLS=true REDIS_URL=redis://r:1 REDIS_TLS_CLIENT_KEY=/dev/null, REDIS_TLS_CLIENT_CERT",
        "REDIS_URL=/a.sock REDIS_TIMEOUT=0, REDIS_TIMEOUT",
        "USE_PROMETHEUS=true PROMETHEUS_ADDR=9090, PROMETHEUS_ADDR",
        "USE_PROMETHEUS=true PROMETHEUS_ADDR=:65536, PROMETHEUS_ADDR",
        "USE_PROMETHEUS=true PROMETHEUS_PATH=metrics, PROMETHEUS_PATH"
    })
    void whatCannotBeUsedIsAProblemOfItsVariable(String assignments, String variable) {
        set(assignments);

        List<Problem> problems = problems();

        assertEquals(
                List.of(variable),
                problems.stream().map(problem -> problem.place().file()).toList(),
                problems::toString);
        assertTrue(problems.get(0).message().contains("; "), "says what to do: " + problems);
    }

    @Test
    void withoutItsFolderNothingWouldBeLimitedSoThatIsAProblem() {
        variables.remove("RUNTIME_SUBDIRECTORY");

        assertEquals("RUNTIME_SUBDIRECTORY", problems().get(0).place().file());
    }

    @Test
    void allProblemsAreToldAtOnce() {
        set("PORT=x SHADOW_MODE=x REDIS_URL=x REDIS_TIMEOUT=x GRPC_MAX_CONNECTION_AGE=x NEAR_LIMIT_RATIO=x");

        assertEquals(6, problems().size());
    }

    @Test
    void noProblemQuotesASecret() {
        set("REDIS_URL=redis://:s3cret@@ REDIS_AUTH=s3cret CONFIG_TYPE=GRPC_XDS_SOTW"
                + " CONFIG_GRPC_XDS_CLIENT_ADDITIONAL_HEADERS=authorization:a:s3cret");

        List<Problem> problems = problems();
        assertEquals(2, problems.size(), problems::toString);
        assertFalse(problems.toString().contains("s3cret"), problems::toString);
    }

    @Test
    void serverTlsNeedsBothFilesAndReadsWhoMayCall() throws Exception {
        Path file = Files.writeString(folder.resolve("any.pem"), "");
        set("GRPC_SERVER_USE_TLS=true GRPC_SERVER_TLS_CERT=%1$s GRPC_SERVER_TLS_KEY=%1$s GRPC_CLIENT_TLS_SAN=envoy"
                .formatted(file));
        assertEquals("GRPC_CLIENT_TLS_SAN", problems().get(0).place().file());

        set("GRPC_CLIENT_TLS_CACERT=" + file);
        assertNotNull(read().connections().tls());
        assertEquals("envoy", read().connections().tls().clientName());
    }

    @Test
    void whatXdsSaysIsRead() throws ConfigException {
        set("CONFIG_TYPE=GRPC_XDS_SOTW CONFIG_GRPC_XDS_NODE_ID=n CONFIG_GRPC_XDS_NODE_METADATA=a=b,c=d,e"
                + " CONFIG_GRPC_XDS_SERVER_URL=x:1"
                + " CONFIG_GRPC_XDS_SERVER_CONNECT_RETRY_INTERVAL=7s CONFIG_GRPC_XDS_CLIENT_ADDITIONAL_HEADERS=k:v"
                + " CONFIG_GRPC_XDS_SERVER_USE_TLS=true CONFIG_GRPC_XDS_SERVER_TLS_SAN=s"
                + " XDS_CLIENT_BACKOFF_INITIAL_INTERVAL=2s XDS_CLIENT_BACKOFF_MAX_INTERVAL=3s"
                + " XDS_CLIENT_BACKOFF_RANDOM_FACTOR=0.1 XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES=99"
                + " FORCE_START_WITHOUT_INITIAL_CONFIG=true");

        PolicyPlace.Server place = (PolicyPlace.Server) read().policy();
        assertEquals(
                new XdsSettings(
                        "x:1",
                        new XdsSettings.Tls(null, null, null, "s"),
                        "n",
                        Map.of("a", "b", "c", "d"),
                        Map.of("k", "v"),
                        XdsSettings.Retry.of(Duration.ofSeconds(7), Duration.ofSeconds(2), Duration.ofSeconds(3), 0.1),
                        99,
                        false),
                place.server());
    }

    @Test
    void xdsWithoutJitterLeavesNothingToChanceAndWaits() throws ConfigException {
        set("CONFIG_TYPE=GRPC_XDS_SOTW XDS_CLIENT_BACKOFF_JITTER=false");
        XdsSettings settings = ((PolicyPlace.Server) read().policy()).server();
        assertEquals(0, settings.retry().randomFactor());
        assertTrue(settings.waits());
        assertEquals(XdsSettings.DEFAULT.server(), settings.server());
    }

    @Test
    void redisIsTriedAgainAfterPausesThatDoubleUntilTheyHaveTakenTooLongTogether() throws Exception {
        set("REDIS_STARTUP_INITIAL_INTERVAL=1s");
        set("REDIS_STARTUP_MAX_INTERVAL=3s");
        set("REDIS_STARTUP_MAX_ELAPSED_TIME=6s");
        ReferenceEnvironment.Startup startup = read().startup();

        assertEquals(Duration.ofSeconds(1), startup.pause(0));
        assertEquals(Duration.ofSeconds(2), startup.pause(1));
        assertEquals(Duration.ofSeconds(3), startup.pause(2));
        assertNull(startup.pause(3));
    }

    @Test
    void redisIsTriedForEverAndNotMoreThanAHundredTimesASecondUnlessToldOtherwise() throws Exception {
        set("REDIS_STARTUP_INITIAL_INTERVAL=0s");
        ReferenceEnvironment.Startup startup = read().startup();

        assertEquals(Duration.ofMillis(10), startup.pause(0));
        assertEquals(Duration.ofSeconds(30), startup.pause(1_000_000));
    }

    /** {@code NAME=value NAME=value} */
    private void set(String assignments) {
        Arrays.stream(assignments.split(" ", -1))
                .map(one -> one.split("=", 2))
                .forEach(one -> variables.put(one[0], one[1]));
    }

    private ReferenceEnvironment read() throws ConfigException {
        return ReferenceEnvironment.read(variables);
    }

    private List<Problem> problems() {
        return assertThrows(ConfigException.class, this::read).problems();
    }
}

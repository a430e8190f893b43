package dev.weir.dropin.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weir.config.ConfigException;
import dev.weir.server.ServerOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The address that is made of the variables, as the client of Redis understands it. */
class RedisPlaceTest {
    @Test
    void aHostAndAPort() throws Exception {
        RedisURI uri = uri(Map.of("REDIS_SOCKET_TYPE", "tcp", "REDIS_URL", "redis.example:6380"));

        assertEquals("redis.example", uri.getHost());
        assertEquals(6380, uri.getPort());
        assertEquals(false, uri.isSsl());
    }

    @Test
    void anEmptyPlaceIsAMistakeAndNotMemory() {
        ConfigException e = assertThrows(ConfigException.class, () -> uri(Map.of("REDIS_URL", "")));

        assertEquals("REDIS_URL", e.problems().get(0).place().file());
    }

    @Test
    void aSocket() throws Exception {
        assertEquals("/run/a b.sock", uri(Map.of("REDIS_URL", "/run/a b.sock")).getSocket());
    }

    @Test
    void aUrlWithItsUserAndDatabase() throws Exception {
        RedisURI uri = uri(Map.of("REDIS_URL", "redis://weir:pass@redis.example:6380/3"));

        assertEquals("redis.example", uri.getHost());
        assertEquals(3, uri.getDatabase());
        assertEquals("weir:pass", credentials(uri));
    }

    @Test
    void aPasswordMayHoldAnything() throws Exception {
        Map<String, String> place = Map.of("REDIS_URL", "/r.sock", "REDIS_AUTH", "p@ss/w#rd%20+?&");
        assertEquals("null:p@ss/w#rd%20+?&", credentials(uri(place)));

        place = Map.of("REDIS_URL", "redis://r:1", "REDIS_AUTH", "us@r:a:b c");
        assertEquals("us@r:a:b c", credentials(uri(place)));
    }

    @Test
    void theVariablesPasswordGoesBeforeThatOfTheUrl() throws Exception {
        Map<String, String> place = Map.of("REDIS_URL", "redis://a:b@r:1", "REDIS_AUTH", "c:d");

        assertEquals("c:d", credentials(uri(place)));
    }

    @Test
    void tlsWithAndWithoutTheHostsName() throws Exception {
        Map<String, String> place = new HashMap<>(Map.of("REDIS_URL", "redis://r:1", "REDIS_TLS", "true"));
        assertEquals(SslVerifyMode.FULL, uri(place).getVerifyMode());
        assertEquals(true, uri(place).isSsl());

        place.put("REDIS_TLS_SKIP_HOSTNAME_VERIFICATION", "true");
        assertEquals(SslVerifyMode.CA, uri(place).getVerifyMode());
    }

    @Test
    void sentinels() throws Exception {
        RedisURI uri = uri(
                Map.of("REDIS_TYPE", "sentinel", "REDIS_URL", "mymaster,s1:26379,s2:26380", "REDIS_AUTH", "secret"));

        assertEquals("mymaster", uri.getSentinelMasterId());
        assertEquals(2, uri.getSentinels().size());
        assertEquals(26380, uri.getSentinels().get(1).getPort());
        assertEquals("null:secret", credentials(uri));
    }

    @Test
    void timeOutAndPrefix() throws Exception {
        ServerOptions.Store store =
                store(Map.of("REDIS_URL", "/r.sock", "REDIS_TIMEOUT", "250ms", "CACHE_KEY_PREFIX", "shop:"));

        assertEquals(Duration.ofMillis(250), store.timeout());
        assertEquals("shop:", store.prefix());
        assertEquals(
                Duration.ofSeconds(10), store(Map.of("REDIS_URL", "/r.sock")).timeout());
        assertNull(store.client());
    }

    private static String credentials(RedisURI uri) {
        var credentials = uri.getCredentialsProvider().resolveCredentials().block();
        return credentials.getUsername() + ":" + new String(credentials.getPassword());
    }

    private static RedisURI uri(Map<String, String> variables) throws ConfigException {
        return RedisURI.create(String.valueOf(store(variables).redis()));
    }

    private static ServerOptions.Store store(Map<String, String> variables) throws ConfigException {
        Environment environment = new Environment(variables);
        ServerOptions.Store store = RedisPlace.read(environment);
        environment.throwIfProblems();
        return store;
    }
}

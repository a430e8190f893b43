package dev.weir.bucket.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.lettuce.core.RedisCredentials;
import org.junit.jupiter.api.Test;

class RedisAddressTest {
    @Test
    void whatIsGivenTakesThePlaceOfTheUrls() {
        assertEquals("weir:old", credentials(new RedisAddress("redis://weir:old@host", null, null)));
        assertEquals("weir:new", credentials(new RedisAddress("redis://weir:old@host", null, "new")));
        assertEquals("other:old", credentials(new RedisAddress("redis://weir:old@host", "other", null)));
        assertEquals("other:new", credentials(new RedisAddress("redis://host", "other", "new")));
        assertEquals("null:new", credentials(new RedisAddress("redis://host", null, "new")));
    }

    @Test
    void noSecretIsInItsText() {
        RedisAddress address = new RedisAddress("redis://weir:0ld@host:1/2", "user", "s3cret");
        assertFalse(address.toString().matches(".*(0ld|s3cret).*"), address.toString());
        assertEquals("host:1", address.place());
    }

    private static String credentials(RedisAddress address) {
        RedisCredentials known =
                address.uri().getCredentialsProvider().resolveCredentials().block();
        return known.getUsername() + ":" + new String(known.getPassword());
    }
}

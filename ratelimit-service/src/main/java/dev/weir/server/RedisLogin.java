package dev.weir.server;

import dev.weir.bucket.redis.RedisAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds what the files say of Redis; null where there is no file.
 *
 * @param url where Redis is
 * @param user the user to log in as
 * @param password the password by which Redis knows the user
 */
record RedisLogin(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password) {
    /** @param otherwise the URL where no file holds one */
    RedisAddress address(@Nullable String otherwise) {
        return new RedisAddress(url == null ? Objects.requireNonNull(otherwise) : url, user, password);
    }

    /** Holds no secret. */
    @Override
    public String toString() {
        return "RedisLogin[...]";
    }
}

package dev.weir.server;

import dev.weir.bucket.redis.RedisAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the files say of Redis. Where there is no file the value is null.
 *
 * @param url where Redis is
 * @param user who asks it
 * @param password by which Redis knows the user
 */
record RedisLogin(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password) {
    /** @param otherwise the URL where no file says it */
    RedisAddress address(@Nullable String otherwise) {
        return new RedisAddress(url == null ? Objects.requireNonNull(otherwise) : url, user, password);
    }

    /** Holds no secret. */
    @Override
    public String toString() {
        return "RedisLogin[...]";
    }
}

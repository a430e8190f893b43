package dev.weir.bucket.redis;

import dev.weir.bucket.StoreAddressException;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Says where Redis is and who asks it.
 *
 * @param url {@code redis://[USER:PASSWORD@]HOST:PORT[/DATABASE]}, or {@code rediss://} for TLS
 * @param user replaces the URL's; null keeps that
 * @param password replaces the URL's; null keeps that
 */
public record RedisAddress(
        String url, @Nullable String user, @Nullable String password) {
    /** Takes user and password from the URL. */
    public static RedisAddress of(String url) {
        return new RedisAddress(url, null, null);
    }

    /** @throws StoreAddressException if the URL is not one of Redis */
    public void check() {
        uri();
    }

    /** @throws StoreAddressException without the words of the failure, which may quote the URL and with it the password */
    RedisURI uri() {
        RedisURI uri;
        try {
            uri = RedisURI.create(url);
        } catch (IllegalArgumentException e) {
            throw new StoreAddressException("not a URL such as redis://HOST:PORT");
        }
        if (user != null || password != null) {
            RedisCredentials ofUrl = Objects.requireNonNull(
                    uri.getCredentialsProvider().resolveCredentials().block());
            uri.setAuthentication(
                    user == null ? ofUrl.getUsername() : user,
                    password == null ? ofUrl.getPassword() : password.toCharArray());
        }
        return uri;
    }

    /** Says for people where Redis is, without user and password. */
    String place() {
        RedisURI uri = uri();
        if (uri.getSocket() != null) {
            return uri.getSocket();
        }
        return uri.getHost() == null ? "what the sentinels name" : uri.getHost() + ":" + uri.getPort();
    }

    /** Holds no secret. */
    @Override
    public String toString() {
        return "RedisAddress[...]";
    }
}

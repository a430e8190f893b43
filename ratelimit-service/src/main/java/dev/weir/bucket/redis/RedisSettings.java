package dev.weir.bucket.redis;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says how Redis is asked.
 *
 * @param timeout how long a call may take; meant to be shorter than Envoy's own time-out
 * @param authorities who may have signed Redis's certificate; empty leaves that to the JVM
 * @param client the certificate that is shown to Redis; null shows none
 * @param prefix what the names of all keys begin with; may be empty
 * @param patience how long Redis is waited for at the start; zero tries once
 */
public record RedisSettings(
        Duration timeout,
        List<X509Certificate> authorities,
        @Nullable ClientCertificate client,
        String prefix,
        Duration patience) {
    public RedisSettings {
        authorities = List.copyOf(authorities);
    }

    /** Trusts whom the JVM trusts, shows no certificate, puts nothing before the keys and does not wait for Redis. */
    public static RedisSettings of(Duration timeout) {
        return new RedisSettings(timeout, List.of(), null, "", Duration.ZERO);
    }
}

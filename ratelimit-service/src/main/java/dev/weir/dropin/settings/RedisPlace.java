package dev.weir.dropin.settings;

import dev.weir.bucket.redis.ClientCertificate;
import dev.weir.server.ServerOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads from the variables where Redis is, and how to reach it. */
final class RedisPlace {
    private static final String ADDRESS = "(?:\\[[0-9a-fA-F:.]+]|[^:/@\\s,\\[\\]]+):[0-9]{1,5}";
    private static final Pattern URL = Pattern.compile("redis://(?:([^@/]*)@)?(" + ADDRESS + ")(/[0-9]*)?");
    private static final String SINGLE_FORM = "HOST:PORT with REDIS_SOCKET_TYPE=tcp, the path of a socket with"
            + " REDIS_SOCKET_TYPE=unix, or redis://HOST:PORT";

    private final Environment environment;

    private RedisPlace(Environment environment) {
        this.environment = environment;
    }

    /** Reads the place of the buckets, which is memory where the variables name no Redis. */
    static ServerOptions.Store read(Environment environment) {
        RedisPlace place = new RedisPlace(environment);
        String prefix = environment.text(Variable.CACHE_KEY_PREFIX, "");
        if (environment.text(Variable.REDIS_URL, "").isEmpty()) {
            if (environment.isSet(Variable.REDIS_URL)) {
                environment.problem(
                        Variable.REDIS_URL,
                        "is empty, and each replica would count for itself, in memory; write " + SINGLE_FORM
                                + ", or leave the variable out if that is meant");
            }
            return new ServerOptions.Store(null, null, Duration.ZERO, prefix);
        }
        boolean tls = environment.flag(Variable.REDIS_TLS, false);
        return new ServerOptions.Store(
                place.url(tls),
                tls ? environment.file(Variable.REDIS_TLS_CACERT) : null,
                tls ? place.client() : null,
                place.timeout(),
                prefix);
    }

    private Duration timeout() {
        Duration timeout = environment.duration(Variable.REDIS_TIMEOUT, Duration.ofSeconds(10));
        if (timeout.isZero()) {
            environment.problem(Variable.REDIS_TIMEOUT, "is 0; write how long a call may take, such as 500ms");
        }
        return timeout;
    }

    private @Nullable ClientCertificate client() {
        Path certificate = environment.file(Variable.REDIS_TLS_CLIENT_CERT);
        Path key = environment.file(Variable.REDIS_TLS_CLIENT_KEY);
        environment.together(Variable.REDIS_TLS_CLIENT_CERT, certificate, Variable.REDIS_TLS_CLIENT_KEY, key);
        return certificate == null || key == null ? null : new ClientCertificate(certificate, key);
    }

    private String url(boolean tls) {
        return switch (environment.word(Variable.REDIS_TYPE, "SINGLE", "SENTINEL", "CLUSTER")) {
            case "SENTINEL" -> sentinel(tls);
            case "CLUSTER" -> {
                environment.problem(
                        Variable.REDIS_TYPE,
                        "is CLUSTER, which Weir does not speak: a decision is one script over all buckets of a request;"
                                + " name one Redis or Valkey, or sentinels, and write SINGLE or SENTINEL");
                yield "";
            }
            default -> single(tls);
        };
    }

    private String single(boolean tls) {
        String text = environment.text(Variable.REDIS_URL, "");
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            String user = auth().isEmpty() && url.group(1) != null ? url.group(1) + "@" : auth();
            return scheme("redis", tls)
                    + user
                    + url.group(2)
                    + (url.group(3) == null ? "" : url.group(3))
                    + verify(tls);
        }
        boolean socket =
                environment.word(Variable.REDIS_SOCKET_TYPE, "unix", "tcp").equals("unix");
        if (socket && text.startsWith("/")) {
            if (tls) {
                environment.problem(Variable.REDIS_TLS, "is not for the socket of REDIS_URL; write false");
            }
            return "redis-socket://" + auth() + encode(text).replace("%2F", "/");
        }
        if (socket || !text.matches(ADDRESS)) {
            environment.problem(Variable.REDIS_URL, "is no address of a Redis; write " + SINGLE_FORM);
        }
        return scheme("redis", tls) + auth() + text + verify(tls);
    }

    /** Reads the name of the master, then the sentinels. */
    private String sentinel(boolean tls) {
        List<String> parts =
                Arrays.asList(environment.text(Variable.REDIS_URL, "").split(",", -1));
        List<String> sentinels = parts.subList(1, parts.size());
        if (sentinels.isEmpty() || parts.get(0).isEmpty() || !sentinels.stream().allMatch(at -> at.matches(ADDRESS))) {
            environment.problem(
                    Variable.REDIS_URL,
                    "names no sentinels; with REDIS_TYPE=SENTINEL write MASTER,HOST:PORT,HOST:PORT");
        }
        if (!environment.text(Variable.REDIS_SENTINEL_AUTH, "").isEmpty()) {
            environment.problem(
                    Variable.REDIS_SENTINEL_AUTH,
                    "is set, and Weir shows the sentinels no password of their own; let them ask for none, or name Redis"
                            + " itself with REDIS_TYPE=SINGLE");
        }
        return scheme("redis-sentinel", tls)
                + auth()
                + sentinels.stream().collect(Collectors.joining(","))
                + "/0"
                + verify(tls)
                + "#"
                + encode(parts.get(0));
    }

    private static String scheme(String name, boolean tls) {
        return (tls ? name.replace("redis", "rediss") : name) + "://";
    }

    private String verify(boolean tls) {
        return tls && environment.flag(Variable.REDIS_TLS_SKIP_HOSTNAME_VERIFICATION, false) ? "?verifyPeer=CA" : "";
    }

    /** Reads a password, or a user and a password; no problem may quote it. */
    private String auth() {
        String text = environment.text(Variable.REDIS_AUTH, "");
        int colon = text.indexOf(':');
        if (text.isEmpty()) {
            return "";
        }
        return colon < 0
                ? encode(text) + "@"
                : encode(text.substring(0, colon)) + ":" + encode(text.substring(colon + 1)) + "@";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}

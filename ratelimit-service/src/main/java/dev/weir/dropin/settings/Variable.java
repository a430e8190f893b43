package dev.weir.dropin.settings;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables that envoyproxy/ratelimit reads, each with what it does here. */
enum Variable {
    HOST,
    PORT,
    DEBUG_HOST,
    DEBUG_PORT,
    GRPC_UDS,
    GRPC_HOST,
    GRPC_PORT,
    GRPC_MAX_CONNECTION_AGE,
    GRPC_MAX_CONNECTION_AGE_GRACE,
    GRPC_SERVER_USE_TLS,
    GRPC_SERVER_TLS_CERT,
    GRPC_SERVER_TLS_KEY,
    GRPC_CLIENT_TLS_CACERT,
    GRPC_CLIENT_TLS_SAN,
    LOG_LEVEL,
    LOG_FORMAT,
    CONFIG_TYPE,
    FORCE_START_WITHOUT_INITIAL_CONFIG,
    HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED,
    CONFIG_GRPC_XDS_NODE_ID,
    CONFIG_GRPC_XDS_NODE_METADATA,
    CONFIG_GRPC_XDS_SERVER_URL,
    CONFIG_GRPC_XDS_SERVER_CONNECT_RETRY_INTERVAL,
    CONFIG_GRPC_XDS_CLIENT_ADDITIONAL_HEADERS,
    CONFIG_GRPC_XDS_SERVER_USE_TLS,
    CONFIG_GRPC_XDS_CLIENT_TLS_CERT,
    CONFIG_GRPC_XDS_CLIENT_TLS_KEY,
    CONFIG_GRPC_XDS_SERVER_TLS_CACERT,
    CONFIG_GRPC_XDS_SERVER_TLS_SAN,
    XDS_CLIENT_BACKOFF_INITIAL_INTERVAL,
    XDS_CLIENT_BACKOFF_MAX_INTERVAL,
    XDS_CLIENT_BACKOFF_RANDOM_FACTOR,
    XDS_CLIENT_BACKOFF_JITTER,
    XDS_CLIENT_MAX_MSG_SIZE_IN_BYTES,
    RUNTIME_ROOT,
    RUNTIME_SUBDIRECTORY,
    RUNTIME_APPDIRECTORY,
    RUNTIME_IGNOREDOTFILES,
    RUNTIME_WATCH_ROOT,
    MERGE_DOMAIN_CONFIG,
    NEAR_LIMIT_RATIO,
    CACHE_KEY_PREFIX,
    BACKEND_TYPE,
    STOP_CACHE_KEY_INCREMENT_WHEN_OVERLIMIT,
    LIMIT_RESPONSE_HEADERS_ENABLED,
    LIMIT_LIMIT_HEADER,
    LIMIT_REMAINING_HEADER,
    LIMIT_RESET_HEADER,
    SHADOW_MODE,
    QUOTA_MODE,
    RESPONSE_DYNAMIC_METADATA,
    REDIS_SOCKET_TYPE,
    REDIS_TYPE,
    REDIS_URL,
    REDIS_AUTH,
    REDIS_TLS,
    REDIS_TLS_CLIENT_CERT,
    REDIS_TLS_CLIENT_KEY,
    REDIS_TLS_CACERT,
    REDIS_TLS_SKIP_HOSTNAME_VERIFICATION,
    REDIS_SENTINEL_AUTH,
    REDIS_TIMEOUT,
    REDIS_STARTUP_INITIAL_INTERVAL,
    REDIS_STARTUP_MAX_INTERVAL,
    REDIS_STARTUP_MAX_ELAPSED_TIME,
    USE_PROMETHEUS,
    PROMETHEUS_ADDR,
    PROMETHEUS_PATH,

    REDIS_POOL_SIZE(Words.ONE_CONNECTION),
    REDIS_POOL_ON_EMPTY_BEHAVIOR(Words.ONE_CONNECTION),
    REDIS_PIPELINE_WINDOW("calls that arrive while Redis is at work go to it together, without a window to wait for"),
    REDIS_PIPELINE_LIMIT("calls that arrive while Redis is at work go to it together, up to a number of its own"),
    REDIS_CLUSTER_PIPELINE_PARALLELISM("a Redis cluster is not supported"),
    REDIS_HEALTH_CHECK_ACTIVE_CONNECTION(
            "while Redis is away calls fail at once, and Envoy's failure_mode_deny says what becomes of them; watch"
                    + " weir_store_errors_total on /metrics"),
    REDIS_PERSECOND(Words.ONE_REDIS),
    REDIS_PERSECOND_SOCKET_TYPE(Words.ONE_REDIS),
    REDIS_PERSECOND_TYPE(Words.ONE_REDIS),
    REDIS_PERSECOND_URL(Words.ONE_REDIS),
    REDIS_PERSECOND_POOL_SIZE(Words.ONE_REDIS),
    REDIS_PERSECOND_AUTH(Words.ONE_REDIS),
    REDIS_PERSECOND_TLS(Words.ONE_REDIS),
    REDIS_PERSECOND_SENTINEL_AUTH(Words.ONE_REDIS),
    REDIS_PERSECOND_PIPELINE_WINDOW(Words.ONE_REDIS),
    REDIS_PERSECOND_PIPELINE_LIMIT(Words.ONE_REDIS),
    REDIS_PERSECOND_CLUSTER_PIPELINE_PARALLELISM(Words.ONE_REDIS),
    REDIS_PERSECOND_TIMEOUT(Words.ONE_REDIS),
    REDIS_PERSECOND_POOL_ON_EMPTY_BEHAVIOR(Words.ONE_REDIS),
    EXPIRATION_JITTER_MAX_SECONDS("a key of Weir's expires when its window has passed, and each at a time of its own"),
    LOCAL_CACHE_SIZE_IN_BYTES("each decision is made in Redis, so that raising a limit holds at once"),
    MEMCACHE_HOST_PORT(Words.NO_MEMCACHE),
    MEMCACHE_MAX_IDLE_CONNS(Words.NO_MEMCACHE),
    MEMCACHE_SRV(Words.NO_MEMCACHE),
    MEMCACHE_SRV_REFRESH(Words.NO_MEMCACHE),
    MEMCACHE_TLS(Words.NO_MEMCACHE),
    MEMCACHE_TLS_CLIENT_CERT(Words.NO_MEMCACHE),
    MEMCACHE_TLS_CLIENT_KEY(Words.NO_MEMCACHE),
    MEMCACHE_TLS_CACERT(Words.NO_MEMCACHE),
    MEMCACHE_TLS_SKIP_HOSTNAME_VERIFICATION(Words.NO_MEMCACHE),
    USE_DOG_STATSD(Words.METRICS),
    USE_DOG_STATSD_MOGRIFIERS(Words.METRICS),
    USE_STATSD(Words.METRICS),
    STATSD_HOST(Words.METRICS),
    STATSD_PORT(Words.METRICS),
    EXTRA_TAGS("labels are added where the metrics are scraped"),
    STATS_FLUSH_INTERVAL(Words.METRICS),
    DISABLE_STATS("/metrics is always there; do not scrape it"),
    PROMETHEUS_MAPPER_YAML("the counters are named as by the default one; relabel them where they are scraped"),
    PROMETHEUS_RESPONSE_TIME_AS_MILLISECONDS("durations are in seconds, as Prometheus wants them"),
    USE_CALENDAR_MONTH_RATE_LIMIT(
            "`unit: month` is 30 days; for the calendar's, write the limit in a native policy as `N requests / 1 month`"),
    TRACING_ENABLED(Words.NO_TRACES),
    TRACING_SERVICE_NAME(Words.NO_TRACES),
    TRACING_SERVICE_NAMESPACE(Words.NO_TRACES),
    TRACING_SERVICE_INSTANCE_ID(Words.NO_TRACES),
    TRACING_EXPORTER_PROTOCOL(Words.NO_TRACES),
    TRACING_SAMPLING_RATE(Words.NO_TRACES);

    private static final class Words {
        static final String ONE_CONNECTION = "one connection carries all calls";
        static final String ONE_REDIS = "the limits of a second are in the Redis of REDIS_URL, with all others";
        static final String NO_MEMCACHE = "memcached is not supported; the buckets are in Redis or in memory";
        static final String METRICS = "metrics are not sent anywhere; let Prometheus scrape /metrics on PORT";
        static final String NO_TRACES = "Weir sends no traces; Envoy's own show each call of the rate limit service";
    }

    private final @Nullable String instead;

    Variable() {
        this(null);
    }

    Variable(@Nullable String instead) {
        this.instead = instead;
    }

    /** Returns those without a meaning here. */
    static List<Variable> ignored() {
        return Arrays.stream(values())
                .filter(variable -> variable.instead != null)
                .toList();
    }

    /** Returns why it has none, or what there is instead; null where it is honoured. */
    @Nullable
    String instead() {
        return instead;
    }
}

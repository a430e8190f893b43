package dev.weir.server;

import dev.weir.bucket.StoreAddressException;
import dev.weir.policy.Deployment;
import dev.weir.policy.StorePlace;
import dev.weir.refusal.sink.Rotation;

/**
 * Settles how the service runs: as the command line says or, where that leaves it open, as the policy says.
 *
 * @param storeFrom the setting that the address of Redis comes from, to name it where the address is wrong
 */
record EffectiveOptions(ServerOptions.Store store, String storeFrom, Rotation rotation) {
    /** @throws StoreAddressException if a Redis is needed and nothing says where it is */
    static EffectiveOptions of(ServerOptions options, Deployment policy) {
        ServerOptions.Store store = options.store();
        String usual = options.extension().redisSetting();
        String from = store.files().url() == null ? usual : store.files().url().toString();
        if (policy.store() instanceof StorePlace.Redis redis) {
            boolean named = options.open().store();
            store = store.at(named ? url(redis.variable(), options) : store.redis(), redis.prefix());
            from = named ? redis.variable() : from;
        } else if (policy.store() instanceof StorePlace.Memory && options.open().store()) {
            store = store.at(null, "");
        }
        if (!store.isRedis()) {
            refuseWithoutRedis(store);
        }
        Integer days = options.open().refusalDays() ? policy.refusalDays() : null;
        return new EffectiveOptions(
                store,
                from,
                days == null
                        ? options.rotation()
                        : Rotation.of(days, options.rotation().bytesPerFile()));
    }

    private static void refuseWithoutRedis(ServerOptions.Store store) {
        if (store.ca() != null) {
            throw new StoreAddressException("--redis-ca needs --redis");
        }
        if (store.files().user() != null || store.files().password() != null) {
            throw new StoreAddressException(
                    "--redis-user-file and --redis-password-file need --redis or --redis-url-file");
        }
    }

    private static String url(String variable, ServerOptions options) {
        String url = options.open().environment().getOrDefault(variable, "");
        if (url.isEmpty()) {
            throw new StoreAddressException("the policy has its buckets in the Redis that the environment variable "
                    + variable + " names, and that is not set; set it, or give --redis");
        }
        return url;
    }
}

package dev.weir.tools.lint.envoy;

/** A place in a request's dynamic metadata; of a longer path, only the first key. */
record MetadataKey(String namespace, String key) {
    static final String EXT_AUTHZ = "envoy.filters.http.ext_authz";
    static final String RATE_LIMIT = "envoy.filters.http.ratelimit";

    /** Returns it as Envoy's command {@code DYNAMIC_METADATA} takes it. */
    @Override
    public String toString() {
        return namespace + ":" + key;
    }
}

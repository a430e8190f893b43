package dev.weir.request;

/** The names that Weir and whoever configures Envoy must share: entries of descriptors, metadata, a sentinel. */
public final class ReservedNames {
    /** The entry of a descriptor at the end of a stream: the id that the admission gave out. */
    public static final String RESERVATION = Attributes.RESERVED_PREFIX + "reservation";

    /** The entry beside it: {@code settle} or {@code release}. */
    public static final String EVENT = Attributes.RESERVED_PREFIX + "event";

    /** The entry of a settlement that names the measure of its hits; without it they are tokens. */
    public static final String MEASURE = Attributes.RESERVED_PREFIX + "measure";

    /** The entry of a settlement with the status that the upstream answered. */
    public static final String RESPONSE_CODE = Attributes.RESERVED_PREFIX + "response_code";

    /** The entry of an admission that names the request in records. */
    public static final String REQUEST_ID = Attributes.RESERVED_PREFIX + "request_id";

    /** The entry of a route's context extensions that names the domain that admits. */
    public static final String DOMAIN = Attributes.RESERVED_PREFIX + "domain";

    /** The entry beside it that says whether it admits at all. */
    public static final String ADMIT = Attributes.RESERVED_PREFIX + "admit";

    /** The key in the answer's dynamic metadata under which Envoy's stream-done descriptors find the reservation. */
    public static final String METADATA_RESERVATION = "reservation";
    /** The key beside it for the domain of the reservation. */
    public static final String METADATA_DOMAIN = "reservation_domain";

    /** The largest hits that Envoy sends. As a token count it means that the answer did not say what it used. */
    public static final long USAGE_UNKNOWN = 1_000_000_000;

    private ReservedNames() {}
}

package dev.weir.tools.lint.envoy;

import dev.weir.config.Rule;
import java.util.List;

/** The rules that an Envoy configuration must keep to, so that the policy means what it says. */
public final class EnvoyRules {
    public static final Rule UNREADABLE = Rule.error(
            "envoy-file",
            "The Envoy configuration cannot be read, so nothing was checked. It must be UTF-8, YAML or JSON, of at most 4 MiB.");
    public static final Rule NOTHING_FOUND = Rule.warning(
            "no-rate-limit-filter",
            "The file has no ratelimit filter, and no ext_authz filter for a domain with `admit: true`, so nothing was checked. Name"
                    + " the file that has the HTTP filters.");
    public static final Rule UNKNOWN_DOMAIN = Rule.error(
            "unknown-domain",
            "Weir answers NOT_FOUND to a domain that the policy has not. Envoy then lets every request through, or refuses every"
                    + " one, as `failure_mode_deny` says. Make the filter's `domain` and the policy's the same.");
    public static final Rule UNASKED_DOMAIN = Rule.info(
            "unasked-domain",
            "The policy limits a domain that no filter of this file names. Nothing is limited by it, unless another Envoy asks.");
    public static final Rule NEVER_ADMITTED = Rule.error(
            "never-admitted",
            "The end of requests is reported for the domain, and nothing asks for room before them: nobody is limited. Either external"
                    + " authorization admits, which the policy says by `admit: true`, or a ratelimit filter with descriptors of its own.");
    public static final Rule NO_DESCRIPTORS = Rule.warning(
            "no-descriptors",
            "Envoy does not ask at all where neither the filter nor a route has `rate_limits`. Every request passes.");
    public static final Rule UNREACHABLE_LIMIT = Rule.warning(
            "unreachable-limit",
            "A limit applies where one descriptor has all attributes of its `per` and `when`, with values that match. No descriptor"
                    + " of this file can, so the limit never applies. Add the missing entries to the descriptor, or remove the limit.");
    public static final Rule ALWAYS_MISSING = Rule.error(
            "always-missing",
            "No limit of the domain can apply to what the filter sends. Weir refuses such requests as `missing_attributes`. Send the"
                    + " attributes that the limits read, or write a limit for everybody.");
    public static final Rule ROUTE_MISSING = Rule.warning(
            "route-missing",
            "The route has `rate_limits` of its own, and no limit of the domain can apply to them. Weir refuses all its requests as"
                    + " `missing_attributes`. Remove the items, or write a limit that reads them.");
    public static final Rule LEADS_NOWHERE = Rule.warning(
            "leads-nowhere",
            "In the dialect of envoyproxy/ratelimit a limit is found by all entries of a descriptor in their order. One that is missing,"
                    + " swapped or added leads elsewhere, and what leads to no limit is not limited. `weir explain` shows it for a"
                    + " request.");
    public static final Rule IDLE_DESCRIPTOR = Rule.info(
            "idle-descriptor",
            "No limit can apply to this descriptor, but to another one of the same call. It costs time and limits nothing.");
    public static final Rule UNREAD_ATTRIBUTE = Rule.info(
            "unread-attribute",
            "No limit reads the attribute. It goes into refusal records and does no harm. If a limit was meant to read it, one of"
                    + " the two names is misspelt.");
    public static final Rule IGNORED_HITS = Rule.warning(
            "ignored-hits-addend",
            "Envoy ignores the hits of a descriptor, in silence, where it stands in a route or a virtual host: each request counts"
                    + " 1. Move the item to the filter's own `rate_limits`, or to a `RateLimitPerRoute`.");
    public static final Rule FORMATTER_FLAG = Rule.warning(
            "formatter-flag",
            "Without a runtime flag Envoy sends %COMMANDS% in the value of a descriptor as literal text. Set"
                    + " `envoy.reloadable_features.enable_formatter_for_ratelimit_action_descriptor_value: true` under"
                    + " `layered_runtime`.");
    public static final Rule UNWRITTEN_METADATA = Rule.warning(
            "unwritten-metadata",
            "A descriptor reads metadata that no filter of this file writes. Envoy leaves out the entry, or the whole descriptor."
                    + " Correct the name, or add the filter that writes it.");
    public static final Rule NUMBER_METADATA = Rule.warning(
            "metadata-not-text",
            "Descriptors take only texts from metadata; a number or a boolean counts as missing. Write it with `type: STRING`.");

    public static final Rule SHORT_TIMEOUT = Rule.warning(
            "short-timeout",
            "Envoy waits 20 ms for the rate limit service, and 200 ms for ext_authz, unless it is told otherwise. A pause of the JVM"
                    + " or of the network is longer, and what follows is a request that nobody counted, or one refused without a reason."
                    + " Set at least 100 ms, better 1s.");
    public static final Rule FAILS_OPEN = Rule.warning(
            "fails-open",
            "When Weir cannot be asked Envoy lets requests through, uncounted, unless it is told otherwise. Set"
                    + " `failure_mode_deny: true`, or write `false` to say that you mean it; for ext_authz, `failure_mode_allow: false`.");
    public static final Rule ADMISSION_RETRY = Rule.warning(
            "admission-retry",
            "A call that Weir has counted and whose answer was lost is counted twice when Envoy repeats it. Retry only what was never"
                    + " sent: `connect-failure,refused-stream`.");
    public static final Rule SETTLEMENT_RETRY = Rule.info(
            "settlement-retry",
            "A settlement that Weir cannot take at once is lost, and its estimate stays charged. Nobody waits for it and settling"
                    + " twice changes nothing: give those descriptors a filter of their own with a `timeout` of some seconds and a"
                    + " `retry_policy`.");
    public static final Rule DOUBLED_HEADERS = Rule.warning(
            "doubled-headers",
            "Weir writes the headers that tell callers what is left. With `enable_x_ratelimit_headers` Envoy adds its own, and"
                    + " callers read two values. Remove it.");

    public static final Rule PROVIDERS_HEADERS = Rule.info(
            "providers-headers",
            "What Weir says of its limits is added to what the upstream sends under the same names, and callers read two values. Let"
                    + " the routes, or their virtual host, have `response_headers_to_remove`.");

    public static final Rule MISSING_HEADERS = Rule.warning(
            "missing-headers",
            "The policy says `headers: envoy`, so Weir tells callers nothing of what is left, and neither does this filter. Add"
                    + " `enable_x_ratelimit_headers: DRAFT_VERSION_03`, or let Weir write them with `headers: service`.");

    public static final Rule CHARGED_TWICE = Rule.error(
            "charged-twice",
            "The policy says `admit: true`, so external authorization charges the limits of this domain. A ratelimit filter that asks"
                    + " for the same domain charges every request a second time. Leave it the descriptors that report the end.");

    public static final Rule UNSEEN_BODY = Rule.warning(
            "unseen-body",
            "External authorization admits requests whose tokens are limited, but Envoy does not pass on what it has read from the"
                    + " body. Add `metadata_context_namespaces: [llm]`, and put json_to_metadata before it.");

    public static final Rule ROUTE_ADMISSION = Rule.error(
            "route-admission",
            "Weir fails the authorization of every request of a route whose `context_extensions` it cannot follow. `weir.domain` must"
                    + " be a domain of the policy that has `admit: true`, `weir.admit` \"true\" or \"false\"; there are no other names"
                    + " that start with `weir.`.");

    public static final Rule CIRCUIT_BREAKERS = Rule.warning(
            "circuit-breakers",
            "Above 1,024 calls at once Envoy does not ask Weir any more, unless it is told otherwise, and treats it as unreachable."
                    + " Set `max_requests` and `max_pending_requests` of the cluster, for example to 65536.");
    public static final Rule NO_HTTP2 = Rule.error(
            "grpc-needs-http2",
            "Weir speaks gRPC, which needs HTTP/2. Envoy speaks HTTP/1.1 to a cluster without `http2_protocol_options`, and every"
                    + " call fails.");
    public static final Rule CONNECT_TIMEOUT = Rule.info(
            "connect-timeout",
            "While Envoy connects to a replica that is gone, requests wait or fail. The default is 5 s. Weir is near: 0.25s will do.");
    public static final Rule KEEPALIVE = Rule.info(
            "keepalive",
            "A replica that vanished without closing its connection is noticed after minutes, and calls fail until then. Set"
                    + " `connection_keepalive` in the `http2_protocol_options` of the cluster.");

    public static final Rule HEALTH_CHECKS = Rule.warning(
            "health-checks",
            "Envoy goes on asking a replica that leaves or died for as long as it is listed, and each of these requests fails. A gRPC"
                    + " health check every 0.5 s takes it out: `health_checks: [{interval: 0.5s, no_traffic_interval: 0.5s, timeout:"
                    + " 0.5s, unhealthy_threshold: 1, healthy_threshold: 1, grpc_health_check: {}}]`. While nothing is asked Envoy"
                    + " checks every `no_traffic_interval`, 60 s unless it is told otherwise. `common_lb_config:"
                    + " {healthy_panic_threshold: {value: 1}}` keeps Envoy from asking the dead while one replica is healthy.");

    public static final Rule NO_SETTLEMENT = Rule.warning(
            "no-settlement",
            "The domain limits tokens, and nothing reports what requests have used. Every request stays charged with its estimate,"
                    + " and `charge: after` counts nothing. Add an item with `apply_on_stream_done`, `hits_addend`, the reservation and"
                    + " `weir.event: settle`.");
    public static final Rule NO_RELEASE = Rule.warning(
            "no-release",
            "What a request holds is held until its end is reported, or for an hour. Envoy drops the settlement when it cannot read"
                    + " the tokens, so a second item with `weir.event: release`, and without `hits_addend`, must stand beside it.");
    public static final Rule REPORT_INCOMPLETE = Rule.error(
            "report-incomplete",
            "Weir reads the end of a request from an item that has `apply_on_stream_done: true`, `weir.reservation` and a"
                    + " `weir.event` of settle or release. What lacks one of them comes too early, is taken for a new request, or fails"
                    + " the whole call.");
    public static final Rule RESERVATION_SOURCE = Rule.warning(
            "reservation-source",
            "Weir hands the reservation to Envoy as metadata under the key `reservation`, only where something is to be settled."
                    + " Read it from there, without `skip_if_absent` and `default_value`: then no call is made where there is none.");
    public static final Rule NO_RESPONSE_CODE = Rule.info(
            "no-response-code",
            "With `weir.response_code` in the settlement a 429 or a 5xx without usage costs nothing. Without it the estimate stays.");
    public static final Rule UNKNOWN_MEASURE = Rule.warning(
            "unknown-measure",
            "A settlement's `weir.measure` says what its hits are. One that Weir does not know tells it nothing, so the estimate stays.");
    public static final Rule NO_USAGE = Rule.warning(
            "no-usage",
            "The settlement does not say how many tokens were used, so every request stays charged with its estimate. Set"
                    + " `hits_addend: {format: ...}` to the metadata into which the usage is read.");
    public static final Rule USAGE_SENTINEL = Rule.warning(
            "usage-sentinel",
            "An answer without usage must not read as 0, which gives everything back, and not as nothing, which makes Envoy drop the"
                    + " settlement. Let `set_metadata` write 1000000000 beforehand (keep the estimate), and let parsers write only"
                    + " `on_present`.");
    public static final Rule NO_MAX_TOKENS = Rule.info(
            "no-max-tokens",
            "No descriptor carries `max_tokens`, so every request holds the estimate of the limit, however much it asks for.");
    public static final Rule NO_PROMPT_BYTES = Rule.info(
            "no-prompt-bytes",
            "No descriptor carries `prompt_bytes`, so prompts are charged at the end only: a burst of long ones spends many times the"
                    + " limit before it is refused. Send `%BYTES_RECEIVED%` behind a filter that waits for the body.");
    public static final Rule HIDDEN_MAX_TOKENS = Rule.warning(
            "hidden-max-tokens",
            "A body that Envoy cannot parse (a number beyond 64 bits is enough) still reaches the provider. Without `on_error` it holds"
                    + " only the estimate, whatever it asks for. Write a value that Weir refuses, such as `unreadable`.");
    public static final Rule STREAM_USAGE = Rule.info(
            "stream-usage",
            "The usage of a streamed answer stands in its events: `sse_to_metadata` reads it. An event above `max_event_size`, 8192"
                    + " unless it is told otherwise, is skipped, and its usage with it.");
    public static final Rule STREAM_DURATION = Rule.warning(
            "max-stream-duration",
            "Weir keeps a reservation for an hour beyond the last sign of life of its request. Of one that takes longer the tokens stay as"
                    + " estimated. Bound requests to an hour by the route's `timeout`, or by `max_stream_duration`, or let Envoy tell of"
                    + " those under way.");
    public static final Rule SLOT_LEASE = Rule.warning(
            "slot-lease",
            "Weir frees a slot of which it has heard nothing for the limit's `lease`, because an Envoy that was killed tells nobody. Let"
                    + " Envoy tell of requests under way: an `access_log` of `http_grpc` to Weir, for the type DownstreamPeriodic, and"
                    + " `access_log_options: {access_log_flush_interval: 20s}`, as in envoy/envoy.yaml.");

    public static final Rule CLIENT_ADDRESS = Rule.warning(
            "client-address",
            "Without `use_remote_address` Envoy takes the client's address from x-forwarded-for, which the client writes. Set"
                    + " `use_remote_address: true`, and behind a load balancer `xff_num_trusted_hops`.");
    public static final Rule CLIENT_IDENTITY = Rule.warning(
            "client-identity",
            "An identity that comes from a request header, a query or a body is the client's to choose, and with it whose limits it"
                    + " uses up. Take it from the metadata of ext_authz.");

    public static final Rule CREDENTIAL_SENT = Rule.warning(
            "credential-sent",
            "A descriptor takes the value of a header or parameter that carries a secret. Weir counts by it as it stands, so the secret is in"
                    + " the names of Redis's keys and in refusal records. Let external authorization verify the key and put its owner into"
                    + " metadata, or send a digest that another filter makes.");
    public static final Rule PATH_WITH_QUERY = Rule.warning(
            "path-with-query",
            "Envoy's `:path` is the path with the query. A limit for one path does not apply once a query follows, which every caller can"
                    + " add. Ask for the path both alone and followed by `?*`.");

    private EnvoyRules() {}

    public static List<Rule> all() {
        return List.of(
                UNREADABLE,
                NOTHING_FOUND,
                UNKNOWN_DOMAIN,
                UNASKED_DOMAIN,
                NEVER_ADMITTED,
                NO_DESCRIPTORS,
                UNREACHABLE_LIMIT,
                ALWAYS_MISSING,
                ROUTE_MISSING,
                LEADS_NOWHERE,
                IDLE_DESCRIPTOR,
                UNREAD_ATTRIBUTE,
                IGNORED_HITS,
                FORMATTER_FLAG,
                UNWRITTEN_METADATA,
                NUMBER_METADATA,
                SHORT_TIMEOUT,
                FAILS_OPEN,
                ADMISSION_RETRY,
                SETTLEMENT_RETRY,
                DOUBLED_HEADERS,
                PROVIDERS_HEADERS,
                MISSING_HEADERS,
                CHARGED_TWICE,
                UNSEEN_BODY,
                ROUTE_ADMISSION,
                CIRCUIT_BREAKERS,
                NO_HTTP2,
                CONNECT_TIMEOUT,
                KEEPALIVE,
                HEALTH_CHECKS,
                NO_SETTLEMENT,
                NO_RELEASE,
                REPORT_INCOMPLETE,
                RESERVATION_SOURCE,
                NO_RESPONSE_CODE,
                UNKNOWN_MEASURE,
                NO_USAGE,
                USAGE_SENTINEL,
                NO_MAX_TOKENS,
                NO_PROMPT_BYTES,
                HIDDEN_MAX_TOKENS,
                STREAM_USAGE,
                STREAM_DURATION,
                SLOT_LEASE,
                CLIENT_ADDRESS,
                CLIENT_IDENTITY,
                CREDENTIAL_SENT,
                PATH_WITH_QUERY);
    }
}

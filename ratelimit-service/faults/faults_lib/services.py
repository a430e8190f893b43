"""Weir, the real Envoy with a shipped file, and the stand-in for a provider."""

import http.client
import json
import pathlib
import re
import socket
import struct
import subprocess
import sys
import urllib.parse

from faults_lib.processes import LOCAL, free_port, http as get, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[3]
KEYS = ROOT / "envoy" / "keys.yaml"


class Weir:
    def __init__(self, world, policy, *arguments, keys=None, java=(), prefix=(), environment=None, wait=True, name="weir"):
        """policy: the text of one, or a path."""
        if isinstance(policy, str):
            policy = world.processes.write(name + "-policy.yaml", policy)
        self.policy, self.grpc, self.admin = policy, free_port(), free_port()
        self.address = "%s:%d" % (LOCAL, self.grpc)
        self.log = world.processes.folder / ("%s-%d.log" % (name, self.grpc))
        command = list(prefix) + ["java", *java, "-jar", world.jar, "serve", "--policy", policy, "--grpc", self.address,
                                  "--admin", "%s:%d" % (LOCAL, self.admin)] + (["--keys", keys] if keys else []) + list(arguments)
        self.process = world.processes.start(command, self.log.name, env=environment)
        if wait and not wait_for(lambda: get(self.admin, "/readyz")[0] == 200, 60):
            raise RuntimeError("Weir is not ready: " + self.tail())

    def text(self):
        return self.log.read_text(errors="replace")

    def tail(self, lines=3):
        return " | ".join(self.text().splitlines()[-lines:])

    def used(self, limit, **attributes):
        """How much of a limit's bucket for these attributes is used, by /explain; None where no such limit applies."""
        query = urllib.parse.urlencode([("attribute", "%s=%s" % pair) for pair in attributes.items()])
        for one in json.loads(get(self.admin, "/explain?" + query)[1])["limits"]:
            if one["limit"] == limit and one["applies"]:
                return one["used"]
        return None

    def metric(self, name, **labels):
        """The sum of the metric's samples that have these labels, or None without any."""
        found = None
        for line in get(self.admin, "/metrics")[1].splitlines():
            if re.match(re.escape(name) + r"[ {]", line) and all('%s="%s"' % label in line for label in labels.items()):
                found = (found or 0.0) + float(line.rsplit(" ", 1)[1])
        return found


class Provider:
    """envoy/provider on a free port."""

    def __init__(self, world):
        self.port = free_port()
        world.processes.start([sys.executable, ROOT / "envoy" / "provider", "--port", self.port], "provider.log")
        if not wait_for(lambda: get(self.port, "/healthz")[0] == 200, 10):
            raise RuntimeError("the stand-in for a provider does not start")

    def seen(self):
        return json.loads(get(self.port, "/requests")[1])


class Envoy:
    """The real one, with a file of envoy/ in which only addresses are changed."""

    def __init__(self, world, weirs, provider, config="envoy.yaml", concurrency=1, change=lambda text: text):
        self.world, self.concurrency = world, concurrency
        self.port, self.admin = free_port(), free_port()
        text = (ROOT / "envoy" / config).read_text()
        for old, new in ((10000, self.port), (9901, self.admin), (9000, provider.port)):
            text = text.replace("port_value: %d}" % old, "port_value: %d}" % new)
        endpoint = re.compile(r"( *)- endpoint:\n *address:\n *socket_address: \{address: 127\.0\.0\.1, port_value: 8081\}\n")
        places = "".join("\\1- endpoint:\n\\1    address:\n\\1      socket_address: {address: 127.0.0.1, port_value: %d}\n"
                         % weir.grpc for weir in weirs)
        text, found = endpoint.subn(places, text)
        if not found:
            raise RuntimeError("envoy/%s has no endpoint at port 8081" % config)
        self.file = world.processes.write("envoy-%d.yaml" % self.port, change(text))
        self.binary = subprocess.run([ROOT / "envoy" / "find"], check=True, capture_output=True, text=True).stdout.strip()
        self.up()

    def up(self):
        self.process = self.world.processes.start(
            [self.binary, "-c", self.file, "--use-dynamic-base-id", "--concurrency", self.concurrency, "-l", "warning"],
            "envoy-%d.log" % self.port)
        if not wait_for(lambda: get(self.admin, "/ready")[0] == 200, 60):
            raise RuntimeError("Envoy is not ready: " + self.tail())

    def tail(self):
        text = (self.world.processes.folder / ("envoy-%d.log" % self.port)).read_text(errors="replace")
        return " | ".join(text.splitlines()[-3:])

    def chat(self, key, body=None, headers=None, path="/v1/chat/completions", **fields):
        """Status, headers and text of one request by the key `weir-sample-KEY`."""
        if body is None:
            body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "hi"}], **fields})
        connection = http.client.HTTPConnection(LOCAL, self.port, timeout=60)
        try:
            connection.request("POST", path, body if isinstance(body, bytes) else body.encode(), {
                "content-type": "application/json", "authorization": "Bearer weir-sample-" + key, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as problem:
            return 0, {}, str(problem)
        finally:
            connection.close()

    def send(self, key, mode="silent", **fields):
        """Sends a request and answers its socket, from which nothing was read."""
        body = json.dumps({"model": "m", "messages": [], **fields}).encode()
        client = socket.create_connection((LOCAL, self.port), 10)
        client.sendall((
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nauthorization: Bearer weir-sample-%s\r\n"
            "x-provider-mode: %s\r\ncontent-length: %d\r\n\r\n" % (key, mode, len(body))).encode() + body)
        return client


def leave(client):
    """Closes a socket with a reset, as a client does that is gone."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


__all__ = ["Envoy", "KEYS", "Provider", "ROOT", "Weir", "leave"]

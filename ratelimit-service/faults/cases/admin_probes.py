"""400 connections to the admin port are idle, half-sent or never read, while the probes are asked four times a second each."""
import socket
import time

from faults_lib.processes import LOCAL
from faults_lib.services import Weir

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000 requests / 1s}
"""
HELD = 400
KINDS = {
    "idle": b"",
    "half a line": b"GET /metrics HTT",
    "half a header": b"GET /healthz HTTP/1.1\r\nhost: x\r\nx: ",
    "a body that never comes": b"POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\nx",
    "50 pages each that nobody reads": b"GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n" * 50,
}


def probe(port, path):
    """Seconds until the answer, or None without one within 2 s."""
    start = time.monotonic()
    try:
        with socket.create_connection((LOCAL, port), 2) as client:
            client.settimeout(2)
            client.sendall(b"GET %s HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n" % path.encode())
            return time.monotonic() - start if client.recv(100).startswith(b"HTTP/1.1 200") else None
    except OSError:
        return None


def hold(port, sent):
    try:
        client = socket.create_connection((LOCAL, port), 2)
        client.sendall(sent)
        return client
    except OSError:
        return None


def run(world):
    weir = Weir(world, POLICY)
    for kind, sent in KINDS.items():
        held = [hold(weir.admin, sent) for _ in range(HELD)]
        took, start = [], time.monotonic()
        while time.monotonic() - start < 7:
            took += [probe(weir.admin, "/healthz"), probe(weir.admin, "/readyz")]
            time.sleep(0.25)
        world.equal("probes without an answer within 2 s of %d, %s" % (len(took), kind), took.count(None), 0)
        answered = sorted(one for one in took if one is not None) or [2]
        world.note("median and worst, ms, %s" % kind, "%.1f, %.1f" % (answered[len(answered) // 2] * 1e3, answered[-1] * 1e3))
        for client in held:
            if client:
                client.close()
        time.sleep(1)

"""One connection begins calls and gives them up as fast as it can for 5 s, again on a new one when it is cut off; then 2,000 clients of a real Envoy leave at once."""
import signal
import socket
import struct
import threading
import time

from faults_lib.calls import Load, METHOD, descriptor
from faults_lib.processes import LOCAL, http, wait_for
from faults_lib.services import KEYS, Envoy, Provider, Weir, leave
from grpc_client import field

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 100M requests / 1h}
"""
CLIENTS = 2_000
BOUND = 20_000  # --grpc-max-resets


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def literal(name, value):
    return bytes([0, len(name)]) + name + bytes([len(value)]) + value


HEADERS = b"\x83\x86" + b"".join(literal(*pair) for pair in (
    (b":path", METHOD.encode()), (b":authority", b"x"), (b"content-type", b"application/grpc"), (b"te", b"trailers")))
MESSAGE = field(1, "llm") + field(2, descriptor([("user", "flood")]))
BODY = b"\0" + struct.pack(">I", len(MESSAGE)) + MESSAGE


def drain(client):
    try:
        while client.recv(1 << 16):
            pass
    except OSError:
        pass


def flood(port, seconds):
    """How many calls were given up, on how many connections."""
    given_up, connections, end = 0, 0, time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.create_connection((LOCAL, port), 5) as client:
            connections += 1
            client.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0))
            threading.Thread(target=drain, args=(client,), daemon=True).start()
            stream = 1
            try:
                while time.monotonic() < end:
                    chunk = bytearray()
                    for _ in range(200):
                        chunk += frame(1, 4, stream, HEADERS) + frame(0, 1, stream, BODY) + frame(3, 0, stream, struct.pack(">I", 8))
                        stream += 2
                    client.sendall(chunk)
                    given_up += 200
            except OSError:
                pass  # cut off
    return given_up, connections


def stat(envoy, name):
    return int(http(envoy.admin, "/stats?filter=^%s$" % name)[1].split(": ")[1])


def run(world):
    weir = Weir(world, POLICY, name="flooded")
    Load([weir.address], lambda *_: [descriptor([("user", "other")])], 3, threads=4, pause=0.01).join()
    load = Load([weir.address], lambda *_: [descriptor([("user", "other")])], 5, threads=4, pause=0.01)
    given_up, connections = flood(weir.grpc, 5)
    load.join()
    world.note("calls given up, a second", given_up // 5)
    world.must("connections that it took, as each was cut off", connections, "at least 2, or fewer than %d a second" % BOUND,
               connections >= 2 or given_up / 5 < BOUND)
    world.equal("calls of others that failed, of %d" % len(load.calls), len(load.failed()), 0)
    world.note("calls of others, ms, median and 99 %", "%.1f, %.1f" % (load.latency(.5) * 1e3, load.latency(.99) * 1e3))
    with open("/proc/%d/statm" % weir.process.pid) as sizes:
        world.note("memory of Weir, MB", int(sizes.read().split()[1]) * 4096 // 1_000_000)

    quiet = Weir(world, POLICY, keys=KEYS, name="quiet")
    envoy = Envoy(world, [quiet], Provider(world))
    envoy.chat("alice-ci", max_tokens=5)
    quiet.process.send_signal(signal.SIGSTOP)
    clients = [envoy.send("alice-ci", max_tokens=5) for _ in range(CLIENTS)]
    wait_for(lambda: stat(envoy, "cluster.weir.upstream_rq_active") > 0, 5)
    for client in clients:
        leave(client)
    wait_for(lambda: stat(envoy, "cluster.weir.upstream_rq_active") == 0, 10)
    quiet.process.send_signal(signal.SIGCONT)
    told = [envoy.chat("alice-ci", max_tokens=5)[0] for _ in range(20)]
    world.at_least("calls that Envoy gave up", stat(envoy, "cluster.weir.upstream_rq_tx_reset"), CLIENTS // 2)
    world.equal("connections that Envoy lost", stat(envoy, "cluster.weir.upstream_cx_destroy_remote"), 0)
    world.equal("its next 20 requests that were answered with 200", told.count(200), 20)

"""A key is taken out of the keys file while the service has no file descriptor left (ulimit -n 128, idle connections), which then come back: is the key still admitted?"""
import hashlib
import socket
import time

from faults_lib.processes import LOCAL, wait_for
from faults_lib.services import Weir
from grpc_client import call, field, fields

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""
CHECK = "/envoy.service.auth.v3.Authorization/Check"


def register(*ids):
    return "keys:\n" + "".join("  - {id: %s, sha256: %s}\n" % (one, hashlib.sha256(one.encode()).hexdigest()) for one in ids)


def admits(weir, secret):
    headers = {":method": "POST", ":path": "/", "authorization": "Bearer " + secret}
    request = field(2, "POST") + field(4, "/") + b"".join(field(3, field(1, name) + field(2, value)) for name, value in headers.items())
    return 2 not in dict(fields(call(weir.grpc, CHECK, field(1, field(4, field(2, request))))))


def run(world):
    keys = world.processes.write("keys.yaml", register("alice", "mallory"))
    weir = Weir(world, POLICY, keys=keys, prefix=["bash", "-c", "ulimit -n 128; exec \"$@\"", "-"])
    world.equal("mallory is admitted before", admits(weir, "mallory"), True)
    idle = []
    for _ in range(200):
        try:
            idle.append(socket.create_connection((LOCAL, weir.grpc), 1))
        except OSError:
            break
    time.sleep(2)
    world.processes.write("keys.yaml", register("alice"))
    time.sleep(4)
    for connection in idle:
        connection.close()
    freed = time.monotonic()
    gone = wait_for(lambda: not admits(weir, "mallory"), 30, 0.2)
    world.must("seconds until mallory is refused", "%.1f" % (time.monotonic() - freed) if gone else "still admitted after 30", "at most 5", gone and time.monotonic() - freed < 5)
    world.equal("alice is admitted", admits(weir, "alice"), True)
    world.note("what the log says of it", weir.text().count("a change cannot be read"))
    world.processes.write("keys.yaml", "keys: []\n")
    wait_for(lambda: weir.metric("weir_keys_loads_total", outcome="refused") >= 2, 5)
    world.equal("alice is admitted after an empty list", admits(weir, "alice"), True)

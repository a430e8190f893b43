"""Weir starts on a cluster of one node, on a replica, on a port that accepts and says nothing, and before its Redis; and on one that evicts."""
import socket
import time

from faults_lib.processes import LOCAL, free_port, wait_for
from faults_lib.services import Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""


def ended(weir, seconds=30):
    """The exit status, after how many seconds, and the last line; status None where it goes on."""
    start = time.monotonic()
    status = wait_for(lambda: [weir.process.poll()] if weir.process.poll() is not None else None, seconds)
    return status and status[0], round(time.monotonic() - start, 1), weir.tail(1)


def bus_port():
    """One that has room for a second one 10,000 above."""
    return next(port for port in iter(free_port, None) if port < 55_535)


def run(world):
    node = Redis(world.processes, ["--cluster-enabled", "yes"], port=bus_port())
    node.command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    wait_for(lambda: b"cluster_state:ok" in node.command("CLUSTER", "INFO"), 10)
    status, _, told = ended(Weir(world, POLICY, "--redis", node.url, wait=False, name="cluster"))
    world.must("a cluster of one node", "status %s: %s" % (status, told[:90]), "refused in words", status == 2 and "cluster-enabled no" in told)

    master, replica = Redis(world.processes), Redis(world.processes)
    replica.command("REPLICAOF", LOCAL, master.port)
    status, _, told = ended(Weir(world, POLICY, "--redis", replica.url, wait=False, name="replica"))
    world.must("a replica", "status %s: %s" % (status, told[-80:]), "refused in words", status == 1 and "replica" in told)

    nobody = ended(Weir(world, POLICY, "--redis", "redis://%s:%d" % (LOCAL, free_port()), wait=False, name="nobody"))[1]
    with socket.create_server((LOCAL, 0)) as silent:
        url = "redis://%s:%d" % (LOCAL, silent.getsockname()[1])
        status, seconds, told = ended(Weir(world, POLICY, "--redis", url, wait=False, name="silent"))
        world.must("a port that says nothing", "status %s: %s" % (status, told[:110]), "words", status == 1 and "answered nothing" in told)
        world.note("seconds until it says so (the first one is that of the JVM alone, where nobody listens)", "%s and %s" % (nobody, seconds))
        world.at_most("seconds that it waits for the port, which leaves 1.5 of 5 to the JVM", round(seconds - nobody, 1), 3.5)

    port = free_port()
    patient = Weir(world, POLICY, "--redis", "redis://%s:%d" % (LOCAL, port), "--redis-wait", 30, wait=False, name="patient")
    wait_for(lambda: "is tried again" in patient.text(), 30)
    time.sleep(2)
    world.equal("with --redis-wait, status while there is no Redis", patient.process.poll(), None)
    Redis(world.processes, port=port)
    start = time.monotonic()
    wait_for(lambda: "Redis is back" in patient.text(), 20)
    world.at_most("seconds until it has found one that has come", round(time.monotonic() - start, 1), 1.5)
    world.must("and then", "ready" if wait_for(lambda: "ready: " in patient.text(), 30) else patient.tail(1), "ready", "ready: " in patient.text())

    forgetful = Redis(world.processes, ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"])
    weir = Weir(world, POLICY, "--redis", forgetful.url, name="forgetful")
    told = wait_for(lambda: [line for line in weir.text().splitlines() if "allkeys-lru" in line], 5) or ["nothing"]
    world.must("a Redis that evicts", told[0][25:90], "warned of", "noeviction" in told[0])

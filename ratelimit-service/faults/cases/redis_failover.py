"""The replica is promoted behind the same address, and the old master goes on as its replica, READONLY, with its connections open."""
import time

from faults_lib.calls import Load, descriptor
from faults_lib.processes import http, wait_for
from faults_lib.proxy import Proxy
from faults_lib.services import Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""


def run(world):
    old, new = Redis(world.processes), Redis(world.processes)
    new.command("REPLICAOF", "127.0.0.1", old.port)
    if not wait_for(lambda: b"master_link_status:up" in new.command("INFO", "replication"), 20):
        raise RuntimeError("the replica does not get in step")
    proxy = Proxy(old.port)
    weir = Weir(world, POLICY, "--redis", proxy.url)
    load = Load([weir.address], lambda thread, number: [descriptor([("user", "u%d" % thread)])], 15, threads=8, pause=0.01)
    time.sleep(2)
    new.command("REPLICAOF", "NO", "ONE")
    proxy.target = new.port
    start = time.monotonic()
    old.command("REPLICAOF", "127.0.0.1", new.port)
    load.join()
    world.at_most("seconds until calls are answered again", round(load.last_failure_after(start), 2), 0.5)
    world.note("answers", load.counts())
    world.must("the log says why", "READONLY" in weir.text() and "Redis is gone" in weir.text(), "READONLY",
               "READONLY" in weir.text() and "Redis is gone" in weir.text())
    world.equal("lines of the log that tell of Redis's absence and return", weir.text().count("  Link: "), 2)
    world.equal("/readyz afterwards", http(weir.admin, "/readyz"), (200, "ready\n"))

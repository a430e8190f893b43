"""The connection to Redis hangs behind a proxy: it stays open and passes nothing on; a new one would work."""
import time

from faults_lib.calls import Load, descriptor
from faults_lib.proxy import Proxy
from faults_lib.services import Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""


def run(world):
    redis = Redis(world.processes)
    proxy = Proxy(redis.port)
    weir = Weir(world, POLICY, "--redis", proxy.url)
    load = Load([weir.address], lambda thread, number: [descriptor([("user", "u%d" % thread)])], 15, threads=8, pause=0.01)
    time.sleep(3)
    start = time.monotonic()
    proxy.silence()
    load.join()
    world.at_most("seconds until calls are answered again", round(load.last_failure_after(start), 2), 1.5)
    slowest = max(call.end - call.start for call in load.calls)
    world.at_most("seconds that the slowest call took (two time-outs of 0.2, give or take 0.1 each)", round(slowest, 2), 0.7)
    world.note("answers", load.counts())
    told = [line for line in weir.text().splitlines() if "Redis is gone" in line]
    world.equal("lines of the log that say that Redis is gone", len(told), 1)

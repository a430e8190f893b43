"""Redis closes the connection four times (CLIENT KILL), as a balancer does; Redis itself is fine. For how long are callers refused?"""
import time

from faults_lib.calls import Load, descriptor
from faults_lib.services import Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""


def run(world):
    redis = Redis(world.processes)
    weir = Weir(world, POLICY, "--redis", redis.url)
    load = Load([weir.address], lambda thread, number: [descriptor([("user", "u%d" % thread)])], 16, threads=8, pause=0.004)
    kills = []
    for _ in range(4):
        time.sleep(3)
        kills.append(time.monotonic())
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    load.join()
    spans = []
    for kill in kills:
        ends = [call.end - kill for call in load.failed() if kill - 0.1 < call.start < kill + 2.9]
        spans.append(round(max(ends, default=0.0), 3))
    world.at_most("seconds from the end of the connection to the last refused call, longest of %s" % spans, max(spans), 0.1)
    world.note("answers", load.counts())
    unknown = redis.sliding_total("all") - load.counts()["OK"]
    world.must("charged for nobody", unknown, "from 0 to 8 calls for each of the four", 0 <= unknown <= 32)

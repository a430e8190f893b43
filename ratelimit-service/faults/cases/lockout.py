"""A team has 20 parallel slots. One member's client sends requests and is gone 0 to 6 ms later, up to 1,500 times; then a colleague asks."""
import collections
import random
import time

from faults_lib.services import KEYS, Envoy, Provider, Weir, leave
from faults_lib.stores import Redis

POLICY = """domain: llm
%slimits:
  - {name: par, tier: team, per: [team], allow: 20 parallel}
"""


def run(world):
    provider = Provider(world)
    for config in ("envoy.yaml", "envoy-admit.yaml"):
        redis = Redis(world.processes)
        policy = POLICY % ("admit: true\n" if "admit" in config else "")
        weir = Weir(world, policy, "--redis", redis.url, keys=KEYS, name=config[:-5])
        envoy = Envoy(world, [weir], provider, config)
        for _ in range(30):
            envoy.chat("alice-ci", max_tokens=5)
        moments, sent, start = random.Random(config), 0, time.monotonic()
        while sent < 1_500 and time.monotonic() - start < 60 and redis.slots("par") < 20:
            for _ in range(20):
                client = envoy.send("alice-ci", max_tokens=50)
                time.sleep(moments.random() * 0.006)
                leave(client)
                sent += 1
            time.sleep(0.3)
        time.sleep(1)
        world.equal("slots taken by nobody after %d requests, %s" % (sent, config), redis.slots("par"), 0)
        told = collections.Counter(envoy.chat("bob-laptop", max_tokens=5)[0] for _ in range(10))
        world.equal("the colleague's next 10 requests, %s" % config, dict(told), {200: 10})

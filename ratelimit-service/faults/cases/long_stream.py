"""A stream outlives the lease of its slot four times over, in an Envoy that tells of it: does it keep the slot, and lose it at its end?"""
import time

from faults_lib.processes import wait_for
from faults_lib.services import KEYS, Envoy, Provider, Weir
from faults_lib.stores import Redis

SHORT = True
POLICY = """domain: llm
%slimits:
  - {name: par, tier: user, per: [user], allow: 1 parallel, lease: 2s}
"""


def run(world):
    provider = Provider(world)
    for config in ("envoy.yaml", "envoy-admit.yaml"):
        redis = Redis(world.processes)
        policy = POLICY % ("admit: true\n" if "admit" in config else "")
        weir = Weir(world, policy, "--redis", redis.url, keys=KEYS, name=config[:-5])
        envoy = Envoy(world, [weir], provider, config,
                      change=lambda text: text.replace("access_log_flush_interval: 20s", "access_log_flush_interval: 0.5s"))
        client = envoy.send("alice-ci", mode="hang", stream=True)
        end, lost = time.monotonic() + 8, 0
        while time.monotonic() < end:
            lost += weir.used("par", user="alice") != 1
            time.sleep(0.1)
        world.at_most("looks at which the slot was not taken, of 80 or so, %s" % config, lost, 1)  # the first may come too early
        world.equal("a second request meanwhile, %s" % config, envoy.chat("alice-ci")[0], 429)
        client.close()
        wait_for(lambda: weir.used("par", user="alice") == 0, 5)
        world.equal("slots taken after its end, %s" % config, weir.used("par", user="alice"), 0)

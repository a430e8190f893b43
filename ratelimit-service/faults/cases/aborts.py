"""2,000 clients send a request and are gone 0 to 20 ms later, while Envoy's calls to Weir are under way: are all slots and reservations back 10 s later?"""
import random
import time

from faults_lib.processes import wait_for
from faults_lib.services import KEYS, Envoy, Provider, Weir, leave
from faults_lib.stores import Redis

CLIENTS = 2_000
POLICY = """domain: llm
%slimits:
  - {name: par, tier: team, per: [team], allow: 5000 parallel}
  - {name: tok, tier: user, per: [user], allow: 100M tokens / 1d, estimate: 500}
"""


def aborted(envoy, clients, seed):
    """Ten at a time, so that calls queue up as they do when many clients leave at once."""
    moments = random.Random(seed)
    while clients > 0:
        open_now = [envoy.send("alice-ci", max_tokens=50) for _ in range(min(10, clients))]
        start = time.monotonic()
        for moment in sorted(moments.random() * 0.02 for _ in open_now):
            time.sleep(max(0.0, start + moment - time.monotonic()))
            leave(open_now.pop())
        clients -= 10


def run(world):
    provider = Provider(world)
    for config in ("envoy.yaml", "envoy-admit.yaml"):
        for store in ("memory", "redis"):
            redis = Redis(world.processes) if store == "redis" else None
            policy = POLICY % ("admit: true\n" if "admit" in config else "")
            weir = Weir(world, policy, *(["--redis", redis.url] if redis else []), keys=KEYS, name=store + config[:-5])
            envoy = Envoy(world, [weir], provider, config)
            for _ in range(30):
                envoy.chat("alice-ci", max_tokens=5)
            aborted(envoy, CLIENTS, config + store)
            label = "%s, %s" % (config, store)
            if redis:
                wait_for(lambda: redis.slots("par") + redis.reservations() == 0, 10)
                world.equal("slots left after %d aborts, %s" % (CLIENTS, label), redis.slots("par"), 0)
                world.equal("reservations left, %s" % label, redis.reservations(), 0)
            else:
                wait_for(lambda: weir.used("par", team="search") == 0, 10)
                world.equal("slots left after %d aborts, %s" % (CLIENTS, label), weir.used("par", team="search"), 0)
            for process in (envoy.process, weir.process):
                process.terminate()
                process.wait(15)

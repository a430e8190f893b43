"""Envoy is ended, then killed, while all 5 parallel slots of a user are in use by streams under way, and comes back: is the user locked out?"""
import collections
import signal
import time

from faults_lib.services import KEYS, Envoy, Provider, Weir
from faults_lib.stores import Redis

SHORT = True
POLICY = """domain: llm
limits:
  - {name: par, tier: user, per: [user], allow: 5 parallel}
  - {name: tok, tier: user, per: [user], allow: 1M tokens / 1d, estimate: 500}
"""


def run(world):
    redis = Redis(world.processes)
    weir = Weir(world, POLICY, "--redis", redis.url, keys=KEYS)
    envoy = Envoy(world, [weir], Provider(world))
    for kind, key, user in ((signal.SIGTERM, "alice-laptop", "alice"), (signal.SIGKILL, "bob-laptop", "bob")):
        clients = [envoy.send(key, mode="hang", stream=True) for _ in range(5)]
        time.sleep(2)
        world.equal("the sixth request while all slots are in use", envoy.chat(key)[0], 429)
        envoy.process.send_signal(kind)
        envoy.process.wait(15)
        for client in clients:
            client.close()
        time.sleep(3)
        world.equal("slots taken 3 s after %s" % kind.name, weir.used("par", user=user), 0)
        envoy.up()
        told = collections.Counter(envoy.chat(key)[0] for _ in range(5))
        world.equal("the user's next 5 requests after %s" % kind.name, dict(told), {200: 5})

"""Two replicas as shipped, one Redis, clients that go on asking: one replica is told to go (SIGTERM), then one is killed (SIGKILL)."""
import collections
import http.client
import json
import signal
import threading
import time

from faults_lib.processes import LOCAL, http as get, wait_for
from faults_lib.services import KEYS, Envoy, Provider, Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""
CLIENTS = 8
BODY = json.dumps({"model": "m", "messages": []}).encode()
HEADERS = {"content-type": "application/json", "authorization": "Bearer weir-sample-alice-laptop"}


class Clients:
    """Threads that ask one after the other over a connection each, until they are stopped."""

    def __init__(self, port, threads=CLIENTS):
        self.told, self.stopping = [], threading.Event()

        def work():
            connection = http.client.HTTPConnection(LOCAL, port, timeout=30)
            while not self.stopping.is_set():
                try:
                    connection.request("POST", "/v1/chat/completions", BODY, HEADERS)
                    answer = connection.getresponse()
                    answer.read()
                    self.told.append((time.monotonic(), answer.status))
                except (OSError, http.client.HTTPException):
                    self.told.append((time.monotonic(), 0))
                    connection.close()

        self.threads = [threading.Thread(target=work, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        return self.told


def healthy(envoy):
    text = get(envoy.admin, "/stats?filter=cluster.weir.membership_healthy")[1]
    return int(text.split(":")[1])


def run(world):
    redis, provider = Redis(world.processes), Provider(world)
    for kind, most in ((signal.SIGTERM, 0), (signal.SIGKILL, 4 * CLIENTS)):
        # As patient as Envoy: the machine may be busy with what runs beside.
        weirs = [Weir(world, POLICY, "--redis", redis.url, "--redis-timeout", "900", keys=KEYS, name="weir-" + kind.name) for _ in range(2)]
        envoy = Envoy(world, weirs, provider, concurrency=2)
        wait_for(lambda: envoy.chat("alice-laptop")[0] == 200 and healthy(envoy) == 2)
        clients = Clients(envoy.port)
        time.sleep(2)
        left = time.monotonic()
        weirs[0].process.send_signal(kind)
        time.sleep(6)
        told = clients.stop()
        after = [status for at, status in told if at > left]
        failed = [at - left for at, status in told if status != 200]
        world.note("requests after %s" % kind.name, "%d: %s" % (len(after), dict(collections.Counter(after))))
        world.at_most("requests that failed after %s" % kind.name, len(failed), most)
        world.at_most("seconds to the last that failed after %s" % kind.name, round(max(failed, default=0), 2), 1)
        world.equal("replicas that Envoy asks in the end", healthy(envoy), 1)
        for one in weirs + [envoy]:
            one.process.kill()
            one.process.wait()

"""Replicas of this version and of the one before reservations had a version, on one Redis: each settles what the other admitted. Is all as it should be?"""
import copy
import os
import pathlib
import subprocess

from faults_lib.calls import Client, descriptor
from faults_lib.services import ROOT, Weir
from faults_lib.stores import Redis

BEFORE = "1036240"  # knows nothing of measures, and writes reservations of version 1
REQUESTS = 400
ESTIMATE, USED = 500, 300
POLICY = """domain: llm
limits:
  - {name: par, tier: team, per: [team], allow: 1000 parallel}
  - {name: tok, tier: user, per: [user], allow: 10M tokens / 1d, estimate: %d}
""" % ESTIMATE


def built_before():
    """The jar of that commit, built once out of this repository's history; or the one that BEFORE_JAR names."""
    if os.environ.get("BEFORE_JAR"):
        return pathlib.Path(os.environ["BEFORE_JAR"])
    folder = ROOT / "ratelimit-service" / "target" / ("before-" + BEFORE)
    jar = folder / "ratelimit-service" / "target" / "weir.jar"
    if not jar.exists():
        subprocess.run(["git", "clone", "-q", "--shared", str(ROOT), str(folder)], check=True)
        subprocess.run(["git", "-C", str(folder), "checkout", "-q", BEFORE], check=True)
        subprocess.run(["mvn", "-B", "-q", "-DskipTests", "package"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return jar


def ended(client, number, reservation):
    """Every fifth without a word of what it used, so that its estimate stays. Answers what counts for it."""
    known = number % 5 != 0
    told = client.settle(reservation, USED if known else None)
    return told.code, USED if known else ESTIMATE


def run(world):
    redis = Redis(world.processes)
    old_world = copy.copy(world)
    old_world.jar = built_before()
    old = Weir(old_world, POLICY, "--redis", redis.url, name="before")
    new = Weir(world, POLICY, "--redis", redis.url, name="now")
    clients = [Client(old.address), Client(new.address)]
    attributes = descriptor([("user", "alice"), ("team", "search")])
    open_now, codes, wanted = [], set(), 0
    for number in range(REQUESTS):
        admitting = clients[number % 2]
        told = admitting.ask(attributes)
        codes.add(told.code)
        open_now.append((number, told.reservation))
        if number % 3:
            first, reservation = open_now.pop(0)
            code, counted = ended(clients[1 - first % 2], first, reservation)
            codes.add(code)
            wanted += counted
    old.process.terminate()
    old.process.wait(30)
    for number, reservation in open_now:
        code, counted = ended(clients[1], number, reservation)
        codes.add(code)
        wanted += counted
    again = clients[1].settle(open_now[0][1], 9_999)
    world.equal("what all %d calls were told" % (2 * REQUESTS), sorted(codes | {again.code}), ["OK"])
    world.equal("slots left", redis.slots("par"), 0)
    world.equal("reservations left", redis.reservations(), 0)
    world.equal("tokens counted, of %d requests that each version admitted and the other settled" % REQUESTS, redis.sliding_total("tok"), wanted)
    world.equal("settlements that found no reservation, the last one made twice",
                new.metric("weir_settlements_total", outcome="unknown"), 1.0)

"""Redis can do 300 admissions a second; half to four times as many calls come, with 1 s each: how much is still admitted in time, and charged for nobody?"""
import collections
import pathlib
import re
import subprocess
import sys
import threading
import time

import grpc

from faults_lib.calls import METHOD, OVERALL, Told, channel, descriptor
from faults_lib.processes import wait_for
from faults_lib.services import Weir
from faults_lib.stores import Redis
from grpc_client import field, fields

CAPACITY = 300
BYTES = 32                  # that Redis answers to an admission by one limit
SECONDS = 8
DEADLINE = 1.0
SLOW_STORE = pathlib.Path(__file__).resolve().parents[2] / "bench" / "bench_lib" / "slow_store.py"
POLICY = """domain: llm
%slimits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""


class Steady:
    """Calls that come at an even pace, whether those before are answered or not."""

    def __init__(self, weir):
        self.method = channel(weir.address).unary_unary(METHOD)
        self.message = field(1, "llm") + field(2, descriptor([("user", "anybody")]))
        self.ended = threading.Condition()

    def send(self, rate, seconds):
        """How many were told what, and the answer to one that was refused."""
        told, under_way, refused = collections.Counter(), [0], []

        def end(call, start):
            code = call.code()
            answer = Told(OVERALL.get(dict(fields(call.result())).get(1)), call.result()) if code == grpc.StatusCode.OK else Told(code.name)
            with self.ended:
                late = answer.code == "OK" and time.monotonic() - start > DEADLINE
                told["DEADLINE_EXCEEDED" if late else answer.code] += 1
                refused[:] = [answer] if answer.code == "OVER" else refused
                under_way[0] -= 1
                self.ended.notify()

        begin = time.monotonic()
        for number in range(int(rate * seconds)):
            time.sleep(max(0.0, begin + number / rate - time.monotonic()))
            with self.ended:
                under_way[0] += 1
            start = time.monotonic()
            call = self.method.future(self.message, timeout=DEADLINE)
            call.add_done_callback(lambda done, start=start: end(done, start))
        with self.ended:
            self.ended.wait_for(lambda: under_way[0] == 0, 10)
        return told, refused


def slow_store(world, redis):
    """The port of a store that can do so much, before Redis."""
    process = world.processes.start([sys.executable, SLOW_STORE, redis.port, CAPACITY * BYTES], "slow.log", stdout=subprocess.PIPE)
    return int(process.stdout.readline())


def run(world):
    redis = Redis(world.processes)
    url = "redis://127.0.0.1:%d" % slow_store(world, redis)
    weir = Weir(world, POLICY % "", "--redis", url)
    calls = Steady(weir)
    calls.send(CAPACITY / 2, 4)  # a JVM that has just begun is slow by itself
    admitted_of_all = charged_of_all = 0
    for load in (0.5, 1, 1.5, 2, 3, 4):
        before = redis.sliding_total("all")
        told, _ = calls.send(load * CAPACITY, SECONDS)
        time.sleep(1)
        charged = redis.sliding_total("all") - before
        admitted_of_all, charged_of_all = admitted_of_all + told["OK"], charged_of_all + charged
        world.at_least("admitted in time at %g of the capacity, of what can be" % load,
                       round(told["OK"] / (min(1, load) * CAPACITY * SECONDS), 2), 0.9)
        world.note("answers at %g" % load, dict(told))
    world.at_most("charged for nobody, %", round(100 * (charged_of_all - admitted_of_all) / charged_of_all, 1), 2)

    for word, code in (("refuse", "OVER"), ("allow", "OK")):
        other = Weir(world, POLICY % ("overload: %s\n" % word), "--redis", url, name=word)
        calls = Steady(other)
        early, _ = calls.send(CAPACITY / 2, 4)
        told, refused = calls.send(3 * CAPACITY, 3)
        world.must("told with overload: %s" % word, dict(told), "%s most of all, UNAVAILABLE next to never" % code,
                   told.most_common(1)[0][0] == code and told["UNAVAILABLE"] <= 0.02 * sum(told.values()))
        if refused:
            world.equal("Retry-After of a refusal", refused[0].header("retry-after"), "1")
            refusals = early["OVER"] + told["OVER"]
            wait_for(lambda: recorded(other)["overloaded"] >= refusals, 5)
            world.equal("recorded as overloaded", dict(recorded(other)), {"overloaded": refusals})
        other.process.terminate()
        other.process.wait(15)


def recorded(weir):
    """How many refusals were recorded, by reason."""
    counts = collections.Counter()
    for reason, count in re.findall(r'"reason":"(\w+)".*"count":(\d+)', weir.text()):
        counts[reason] += int(count)
    return counts

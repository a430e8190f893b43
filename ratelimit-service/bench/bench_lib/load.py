"""What is sent, and h2load, which sends it."""

import base64
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import Dict, Optional

import grpc_client
from demo_lib import stage

METHOD = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
USERS = 8
MAX_TOKENS = 10
SECRET = "weir-bench"  # of the only key; h2load sends the same headers with every request


def attributes(user):
    return [("key", "key-%d" % user), ("user", "user-%d" % user), ("team", "team-%d" % (user % 2)), ("model", "gpt")]


def message(domain, user):
    """Envoy's call for one user: one wide descriptor."""
    pair = grpc_client.field
    entries = attributes(user) + [("max_tokens", str(MAX_TOKENS))]
    return pair(1, domain) + pair(2, b"".join(pair(1, pair(1, name) + pair(2, value)) for name, value in entries))


def framed(message):
    """As gRPC sends it: not compressed, and how long it is."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def four_descriptors(domain, user):
    """The same limits, each with a descriptor of its own."""
    pair = grpc_client.field
    entries = attributes(user)[:3] + [("everybody", "all")]
    return pair(1, domain) + b"".join(pair(2, pair(1, pair(1, name) + pair(2, value))) for name, value in entries)


def uris(port):
    """The same attributes for Envoy, which makes a descriptor of them."""
    return ["http://127.0.0.1:%d/?%s" % (port, "&".join("%s=%s" % pair for pair in attributes(user))) for user in range(USERS)]


@dataclass
class Sample:
    """One turn of one variant."""
    rate: float
    p50: Optional[float]           # milliseconds; None where nobody measured it
    p99: Optional[float]
    done: int
    most_cut_off: int              # requests under way when time was up: the service may have counted them, h2load has not
    cpu: Dict[str, float] = field(default_factory=dict)  # microseconds a request


def find_h2load():
    path = shutil.which("h2load")
    if path is None:
        raise stage.Failed("h2load is missing; on Debian and Ubuntu: apt-get install nghttp2-client")
    return path


def direct(variant, servers, seconds, spread):
    """h2load has one body for all of its requests, hence a process for every user at work: two at once for a quarter of the time
    each, or all at once."""
    at_once, streams = (USERS, 16) if spread else (2, 64)
    groups = [range(first, first + at_once) for first in range(0, USERS, at_once)]
    results = []
    for group in groups:
        results.append(_run([
            ["-c", "1", "-m", str(streams), "-d", str(servers.body(variant, user)), "-H", "content-type: application/grpc",
             "-H", "te: trailers", "http://127.0.0.1:%d%s" % (servers.port(variant.service), METHOD)] for user in group],
            servers.folder, seconds / len(groups)))
    return _sample(variant.name, results, len(groups) * at_once * streams)


def settled(variant, servers, seconds):
    """Requests that are settled, on two connections with 64 under way on each; two calls for each of them."""
    calls = [base64.b64encode(servers.message(variant, user)).decode() for user in (0, 1)]
    domain = variant.service if variant.service == "echo" else servers.domain_of(variant.service)
    done = subprocess.run(
        ["java", "-cp", servers.class_path(), "dev.weir.server.SettledCalls", str(servers.port(variant.service)), domain,
         "%d" % (seconds * 1000)] + calls, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, timeout=seconds + 30)
    if done.returncode != 0 or not done.stdout.strip().isdigit():
        raise stage.Failed("requests could not be settled:\n" + done.stdout)
    return Sample(int(done.stdout) / seconds, None, None, int(done.stdout), 0)


def through_envoy(variant, servers, seconds):
    """HTTP/1.1, a request at a time on every connection; the users take turns on each of them."""
    header = ["-H", "x-api-key: " + SECRET] if variant.way else []
    command = ["-p", "http/1.1", "-m", "1", "-c", str(variant.connections)] + header + uris(servers.envoy_port(variant.service))
    return _sample(variant.name, [_run([command], servers.folder, seconds)], variant.connections)


def _sample(variant, results, most_cut_off):
    latencies = sorted(latency for _, _, log in results for latency in log)
    if not latencies:
        raise stage.Failed("h2load had no answer in a whole turn of %s; is the machine busy with something else?" % variant)
    return Sample(sum(rate for rate, _, _ in results) / len(results), _quantile(latencies, 0.5), _quantile(latencies, 0.99),
                  sum(done for _, done, _ in results), most_cut_off)


def _quantile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] / 1000


def _run(commands, folder, seconds):
    """Runs h2loads side by side; answers requests/s together, requests that were answered, and their latencies in microseconds."""
    h2load = find_h2load()
    logs = [folder / ("h2load-%d.log" % number) for number in range(len(commands))]
    for log in logs:
        if log.exists():
            os.remove(log)  # h2load appends
    running = []
    try:
        for command, log in zip(commands, logs):
            running.append(subprocess.Popen(
                [h2load, "-t", "1", "-D", "%dms" % (seconds * 1000), "--log-file", str(log)] + command,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True))
        outputs = [one.communicate(timeout=seconds + 30)[0] for one in running]
    except subprocess.TimeoutExpired:
        raise stage.Failed("h2load did not end in time")
    finally:
        for one in running:
            if one.poll() is None:
                one.kill()
                one.wait()
    rate = done = 0
    for output in outputs:
        figures = re.search(r"finished in [^,]+, ([0-9.]+) req/s", output)
        counts = re.search(r"(\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored, (\d+) timeout", output)
        if not figures or not counts or counts[1] != counts[2] or any(int(count) for count in counts.groups()[2:]):
            raise stage.Failed("h2load reports errors:\n" + output)
        rate += float(figures[1])
        done += int(counts[1])
    return rate, done, [int(line.rsplit("\t", 1)[1]) for log in logs for line in log.read_text().splitlines()]

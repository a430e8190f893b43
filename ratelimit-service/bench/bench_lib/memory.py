"""How much memory 100,000 live buckets take."""

import subprocess
import time
from dataclasses import dataclass

from bench_lib import servers
from demo_lib import stage

USERS = 100_000
DOMAIN = "bench-memory"
# Without flags; the collector for small heaps; and that one told to keep no more free heap than it needs.
FLAGS = ("", "-XX:+UseSerialGC -Xmx256m",
         "-XX:+UseSerialGC -Xms32m -Xmx256m -Xmn16m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20")


@dataclass
class Resident:
    flags: str
    before: float                  # megabytes, ready, before the first request
    after: float
    buckets: int


def measure(options, folder, processes):
    """A service of its own for each set of flags, and one request of each of 100,000 users."""
    file = folder / "memory.yaml"
    file.write_text(servers.policy(DOMAIN, ["{name: user-requests, tier: user, per: [user], allow: 1000 requests / 1h}"]))
    return [_measure(number, flags, file, options.jar, processes) for number, flags in enumerate(FLAGS)]


def _measure(number, flags, file, jar, processes):
    port, admin = servers.free_ports(2)
    name = "memory-%d" % number
    processes.start(name, ["java"] + flags.split() + ["-jar", jar, "serve", "--policy", file, "--grpc", "127.0.0.1:%d" % port,
                                                      "--admin", "127.0.0.1:%d" % admin])
    pid = processes.started[-1][1].pid
    processes.wait_until_ready(name, admin, "/readyz", 60)
    before = servers.resident(pid)
    try:
        done = subprocess.run(["java", "-cp", "%s:%s" % (jar, servers.CLASSES), "dev.weir.envoy.ManyUsers", str(port), DOMAIN, str(USERS)],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              universal_newlines=True, timeout=120)
    except subprocess.TimeoutExpired:
        raise stage.Failed("100,000 requests took more than two minutes")
    buckets = servers.metric(admin, "weir_buckets")
    if done.returncode != 0 or buckets < USERS:
        raise stage.Failed("%d buckets instead of %d\n%s%s" % (buckets, USERS, done.stdout, processes.tail(name)))
    time.sleep(1)
    result = Resident(flags, before, servers.resident(pid), buckets)
    print("memory     %-26s %d MB" % (flags or "default flags", result.after), flush=True)
    return result

"""Tables, and what they were measured on."""

import datetime
import os
import pathlib
import platform
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import Dict, Optional

from bench_lib.variants import PEERS, Variant
from demo_lib import stage
from demo_lib.stage import Failed


@dataclass
class Row:
    variant: Variant
    rate: float
    ratio: Optional[float]
    cpu: Dict[str, float]
    p50: Optional[float]
    p99: Optional[float]
    resident: Optional[float]
    of_echo: Optional[float] = None


def tables(rows):
    direct = [row for row in rows if not row.variant.connections]
    behind = [row for row in rows if row.variant.connections and not row.variant.way]
    ways = [row for row in rows if row.variant.way]
    lines = []
    if direct:
        ratio = "of the peer" if any(row.variant.name in PEERS for row in direct) else "of the no-op"
        lines += _table("straight to the service", direct, ["service", "Redis"], ratio)
    if behind:
        lines += ([""] if direct else []) + _table("through Envoy", behind, ["Envoy", "service", "Redis"])
    if ways:
        lines += _table("who calls and is there room, through Envoy", ways, ["Envoy", "service", "Redis"], "of two calls")
    return lines


def _table(title, rows, cpu, ratio="of the no-op"):
    echo = any(row.of_echo is not None for row in rows)
    head = [title, "requests/s"] + (["of the echo"] if echo else []) + [ratio] + ["%s, CPU us a request" % name for name in cpu] \
        + ["p50 ms", "p99 ms", "service, resident MB"]
    return table(head, [[row.variant.title, grouped(row.rate)] + ([part(row.of_echo)] if echo else []) + [part(row.ratio)]
                        + ["%.1f" % row.cpu[name] if name in row.cpu else "" for name in cpu]
                        + [part(row.p50), part(row.p99), "" if row.resident is None else grouped(row.resident)]
                        for row in rows])


def part(number):
    return "" if number is None else "%.2f" % number


def memory_table(resident):
    return table(["live buckets in memory", "JVM flags", "resident MB when ready", "resident MB"],
                 [[grouped(one.buckets), "`%s`" % one.flags if one.flags else "none", grouped(one.before), grouped(one.after)]
                  for one in resident])


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1)] + rows
    return ["| " + " | ".join(cells) + " |" for cells in lines]


def grouped(number):
    return "{:,.0f}".format(number)


def machine(options, servers):
    """What must be known to compare with another day's table."""
    facts = hardware() + [jdk()]
    if servers.redis_address:
        facts.append("Redis " + servers.redis_info("server")["redis_version"])
    if servers.envoy_binary:
        facts.append(_first(r"/(\d+\.\d+\.\d+)", [servers.envoy_binary, "--version"], "Envoy "))
    facts.append(_first(r"nghttp2/(\S+)", ["h2load", "--version"], "h2load "))
    return [described(facts), "", "`%s`, Java servers with `%s`; medians of %d rounds of %g s:"
            % (command(), options.java_options, options.rounds, options.seconds)]


def hardware():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return [model[1].strip() if model else platform.machine(), "%d cores" % len(os.sched_getaffinity(0)), "Linux " + platform.release()]


def jdk():
    return _first(r'version "([^"]+)"', ["java", "-version"], "JDK ")


def described(facts):
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    return "%s, commit %s: %s" % (day, commit(), ", ".join(facts))


def command():
    """As it was given, but no folders of this machine."""
    words = ["ratelimit-service/bench/" + pathlib.Path(sys.argv[0]).name] \
        + [re.sub(r"(^|=)/?[^= ]*/", r"\1", word) if "://" not in word else word for word in sys.argv[1:]]
    return shlex.join(re.sub(r"//.*@", "//", word) for word in words)


def commit():
    done = subprocess.run(["git", "-C", str(stage.ROOT), "describe", "--always", "--dirty", "--exclude=*"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True)
    return done.stdout.strip() or "unknown"


def _first(pattern, argv, name):
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    found = re.search(pattern, done.stdout)
    return name + (found[1] if found else "unknown")


def write(file, name, text):
    """Puts the text between the two markers of this name."""
    old = file.read_text()
    begin, end = "<!-- %s: begin -->\n" % name, "<!-- %s: end -->" % name
    if old.count(begin) != 1 or old.count(end) != 1:
        raise Failed("%s must hold %r and %r once" % (file.name, begin.strip(), end))
    head, tail = old.partition(begin)[0], old.partition(end)[2]
    file.write_text(head + begin + text + "\n" + end + tail)

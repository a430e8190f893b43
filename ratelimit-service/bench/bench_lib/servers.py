"""The servers: the no-op, a service for each way of using it, Redis, and an Envoy with another one as its upstream."""

import hashlib
import json
import os
import pathlib
import platform
import shutil
import socket
import stat
import subprocess
import time
import urllib.parse
import zipfile

import grpc_client
from bench_lib import envoys, load, peers
from bench_lib.ports import free_ports
from bench_lib.variants import ECHO, way
from demo_lib import stage

MODULE = pathlib.Path(__file__).resolve().parent.parent.parent
JAR = MODULE / "target" / "weir.jar"
SOURCES = MODULE / "src" / "jmh" / "java" / "dev" / "weir"
CLASSES = MODULE / "target" / "bench"
BUILD = "mvn -B -DskipTests package"
LEAST = {ECHO: "EchoServer", "noop": "NoOpServer"}
OK = 1
PATIENCE_MILLIS = 2000  # a busy machine is to show in the figures, not as errors


def limits(reserves):
    """Four limits that every request meets and none ever reaches; with `reserves` the last one is on tokens, which are reserved."""
    requests = "1000000000000 requests / 1m"
    last = "allow: 1000000000000 tokens / 1m, estimate: 10" if reserves else "allow: " + requests
    return ["{name: key-requests, tier: key, per: [key], allow: %s}" % requests,
            "{name: user-requests, tier: user, per: [user], allow: %s}" % requests,
            "{name: team-requests, tier: team, per: [team], allow: %s}" % requests,
            "{name: everybody, tier: global, per: [], %s}" % last]


def native(domain):
    """The same natively, with the windows of the dialect."""
    return "domain: %s\nlimits:\n%s" % (domain, "".join(
        "  - {name: %s, tier: user, per: [%s], algorithm: fixed_window, allow: 4294967295 requests / 1m}\n" % (key, key)
        for key in ("key", "user", "team", "everybody")))


def policy(domain, lines, admit=False):
    return "domain: %s\n%slimits:\n%s" % (domain, "admit: true\n" if admit else "", "".join("  - %s\n" % line for line in lines))


def keys():
    return "keys:\n  - {id: key-0, sha256: %s, user: user-0, team: team-0}\n" % hashlib.sha256(load.SECRET.encode()).hexdigest()


class Servers:
    def __init__(self, options, folder, processes):
        self.options, self.folder, self.processes = options, folder, processes
        self.jars = {"": options.jar, "baseline": options.baseline}
        self.domain = "bench-" + stage.random_name()  # nobody else's in a Redis that was there before
        self.ports, self.admin_ports, self.envoy_ports, self.pids = {}, {}, {}, {}
        self.peers = peers.commands(options)
        self.redis_address = self.redis_password = self.redis_user = None
        self.envoy_binary = None
        self.sent = {}

    # Starting.

    def start(self, variants):
        load.find_h2load()
        for jar in filter(None, self.jars.values()):
            if not jar.exists():
                raise stage.Failed("%s does not exist; build it: %s" % (jar.name, BUILD))
        if any(variant.connections for variant in variants):
            self.envoy_binary, reason = stage.find_envoy()
            if self.envoy_binary is None:
                raise stage.Failed("%s; give ENVOY_BIN, or leave Envoy out with --no-envoy" % reason)
        compile_helpers(self.options.jar)
        if any(variant.redis for variant in variants):
            self._start_redis()
        for name in dict.fromkeys(variant.service for variant in variants if variant.service):
            if name in LEAST:
                self._start_least(name, LEAST[name])
            elif name in peers.START:
                self.ports[name] = peers.START[name](self, name, self.peers[name])
            else:
                self._start_service(name)
        for name in self.admin_ports:
            self.processes.wait_until_ready(name, self.admin_ports[name], "/readyz", 60)
        if self.envoy_binary:
            self._start_envoys(sorted({variant.service for variant in variants if variant.connections}, key=str))

    def launch(self, name, command):
        self.processes.start(name, command)
        self.pids[name] = self.processes.started[-1][1].pid

    def java(self, *arguments):
        return ["java"] + self.options.java_options.split() + list(arguments)

    def _start_least(self, name, server):
        self.ports[name], = free_ports(1)
        self.launch(name, self.java("-cp", "%s:%s" % (self.options.jar, CLASSES), "dev.weir.envoy." + server, self.ports[name]))
        wait_until_open(self.processes, "the " + name, ("127.0.0.1", self.ports[name]))

    def _start_service(self, name):
        self.ports[name], self.admin_ports[name] = free_ports(2)
        file = self.folder / (name + ".yaml")
        file.write_text(self.policy_of(name))
        known = []
        if way(name):
            known = ["--keys", self.folder / "keys.yaml"]
            known[1].write_text(keys())
        jar = self.jars["baseline" if name.endswith("baseline") else ""]
        url = ["--redis", self.redis_url(), "--redis-timeout", PATIENCE_MILLIS] if name.startswith("redis") else []
        self.launch(name, self.java("-jar", jar, "serve", "--policy", file, "--grpc", "127.0.0.1:%d" % self.ports[name],
                                    "--admin", "127.0.0.1:%d" % self.admin_ports[name], *url, *known))

    def policy_of(self, name):
        domain = self.domain_of(name)
        if name.endswith("-descriptors"):
            return peers.descriptors(domain)
        return native(domain) if name.endswith("-native") else policy(domain, limits("settled" in name), way(name) == "one-call")

    def domain_of(self, service):
        """One for every service, so that no two of them share buckets in Redis."""
        return self.domain + "-" + service

    def redis_url(self):
        return self.options.redis or "redis://127.0.0.1:%d" % self.redis_address[1]

    def _start_redis(self):
        if self.options.redis:
            url = urllib.parse.urlparse(self.options.redis)
            if url.scheme != "redis":
                raise stage.Failed("--redis takes redis://[USER:PASSWORD@]HOST:PORT")
            self.redis_address = (url.hostname or "127.0.0.1", url.port or 6379)
            self.redis_user, self.redis_password = url.username, url.password
        else:
            port, = free_ports(1)
            self.redis_address = ("127.0.0.1", port)
            self.launch("redis-server", [unpack_redis(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            wait_until_open(self.processes, "Redis", self.redis_address)

    def _start_envoys(self, services):
        upstream, upstream_admin, admin, *listeners = free_ports(3 + len(services))
        self.envoy_ports = dict(zip(services, listeners))
        configs = {"upstream": envoys.upstream(upstream, upstream_admin),
                   "envoy": envoys.front(admin, upstream, [
                       (port, self.ports.get(name), name and self.domain_of(name), way(name)) for name, port in self.envoy_ports.items()])}
        for name, config in configs.items():
            file = self.folder / (name + ".json")
            file.write_text(json.dumps(config))
            self.launch(name, [self.envoy_binary, "-c", file, "--concurrency", "1", "--disable-hot-restart", "-l", "warning"])
        self.processes.wait_until_ready("upstream", upstream_admin, "/ready", 30)
        self.processes.wait_until_ready("envoy", admin, "/ready", 30)

    # What a variant talks to.

    def class_path(self):
        """Of the clients that are ours."""
        return "%s:%s" % (self.options.jar, CLASSES)

    def port(self, service):
        return self.ports[service]

    def envoy_port(self, service):
        return self.envoy_ports[service]

    def message(self, variant, user):
        make = load.message if variant.wide else load.four_descriptors
        return make(self.domain_of(variant.service), user)

    def body(self, variant, user):
        """A file with the call of one user as gRPC sends it."""
        file = self.folder / ("%s-%d" % (variant.service, user))
        if not file.exists():
            file.write_bytes(load.framed(self.message(variant, user)))
        return file

    # What came of it.

    def cpu(self, variant):
        """Seconds of CPU time that the servers of a variant have spent so far, all of their threads, those that ended too."""
        spent = {}
        if variant.service:
            spent["service"] = process_cpu(self.pids[variant.service])
        if variant.redis:
            spent["Redis"] = self.redis_cpu()
        if variant.connections:
            spent["Envoy"] = process_cpu(self.pids["envoy"])
        return spent

    def redis_cpu(self):
        """As Redis tells it, which works for one that is not ours too."""
        info = self.redis_info("cpu")
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def redis_info(self, section):
        login = []
        if self.redis_password is not None:
            login = ["AUTH"] + ([self.redis_user] if self.redis_user else []) + [self.redis_password]
        with socket.create_connection(self.redis_address, 5) as connection:
            stream = connection.makefile("rwb")
            for command in filter(None, [login, ["INFO", section]]):
                stream.write(b"*%d\r\n" % len(command) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in map(str.encode, command)))
                stream.flush()
                answer = stream.readline()
                if answer.startswith(b"-"):
                    raise stage.Failed("Redis answered %s" % answer.decode().strip())
            lines = stream.read(int(answer[1:])).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def resident(self, variant):
        """Megabytes."""
        return resident(self.pids[variant.service]) if variant.service else None

    def answered(self, variant, sample):
        if variant.service in self.admin_ports:
            done, cut_off = self.sent.get(variant.service, (0, 0))
            self.sent[variant.service] = done + sample.done, cut_off + sample.most_cut_off

    # Whether what was measured is what was meant.

    def check_answers(self, variants):
        """gRPC hides its errors from h2load: each call is made once by hand, and afterwards the counters must fit."""
        for variant in variants:
            if not variant.service or variant.connections or variant.service == ECHO:
                continue
            for user in range(load.USERS):
                answer = dict(grpc_client.fields(grpc_client.call(
                    self.port(variant.service), load.METHOD, self.message(variant, user))))
                reservation = grpc_client.struct_strings(answer.get(6, b"")).get("reservation")
                if answer.get(1) != OK or bool(reservation) != variant.settled:
                    raise stage.Failed("%s does not answer as it should: %r" % (variant.name, answer))
        for name, port in self.envoy_ports.items():
            for uri in load.uris(port):
                if stage.get(port, uri[uri.index("/?"):], headers={"x-api-key": load.SECRET})[0] != 200:
                    raise stage.Failed("Envoy with %s does not let requests through" % (name or "no rate limits"))
        self.allowed_before = {name: self.counters(name)[0] for name in self.admin_ports}

    def check_counters(self):
        for name, (done, cut_off) in self.sent.items():
            allowed, others = self.counters(name)
            counted = allowed - self.allowed_before[name]
            if any(others.values()) or not done <= counted <= done + cut_off:
                raise stage.Failed("%s: h2load had %d answers (and up to %d under way at the end of a turn), but the service counts "
                                   "%d allowed, %s" % (name, done, cut_off, counted, others))
            print("%s: %d answers, %d counted as allowed, nothing else" % (name, done, counted))
            bound = max_buckets(self.processes, name)
            if bound and self.metric(name, "weir_buckets") >= 0.95 * bound:
                print("note: %s is full of reservations and no longer keeps new ones; take fewer rounds or a larger -Xmx" % name)

    def counters(self, service):
        """How many requests were allowed, and what else happened."""
        others = {outcome: self.metric(service, "weir_decisions_total", 'outcome="%s"' % outcome) for outcome in ("refused", "invalid")}
        others["failed"] = self.metric(service, "weir_store_errors_total")
        return self.metric(service, "weir_decisions_total", 'outcome="allowed"'), others

    def metric(self, service, name, label=""):
        return metric(self.admin_ports[service], name, label)


def metric(admin_port, name, label=""):
    status, text = stage.get(admin_port, "/metrics")
    if status != 200:
        raise stage.Failed("GET /metrics answered %d" % status)
    return int(sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines()
                   if line.split("{")[0].split(" ")[0] == name and label in line))


def max_buckets(processes, name):
    """What the service says at its start, in memory."""
    log = next(log for other, _, log in processes.started if other == name).read_text(errors="replace")
    end = log.partition("at most ")[2].split()
    return int(end[0]) if end and end[0].isdigit() else None


def process_cpu(pid):
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid):
    status = pathlib.Path("/proc/%d/status" % pid).read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def wait_until_open(processes, name, address):
    for _ in range(600):
        processes.check()
        try:
            socket.create_connection(address, 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise stage.Failed("%s does not listen" % name)


def compile_helpers(jar):
    """Without Maven: five classes, against the jar that is measured."""
    if shutil.which("javac") is None:
        raise stage.Failed("javac is missing; install JDK 17")
    CLASSES.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["javac", "-nowarn", "-proc:none", "-d", str(CLASSES), "-cp", str(jar)]
                          + [str(SOURCES / name) for name in ("envoy/EchoServer.java", "envoy/NoOpServer.java", "envoy/ManyUsers.java", "envoy/SteadyCalls.java",
                                                      "server/SettledCalls.java")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    if done.returncode != 0:
        raise stage.Failed(done.stdout)


def unpack_redis():
    """The real server that the tests use; Maven has fetched it for the build."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    repository = pathlib.Path(os.environ.get("MAVEN_REPOSITORY", pathlib.Path.home() / ".m2" / "repository"))
    jars = sorted(repository.glob("org/signal/embedded-redis/*/embedded-redis-*.jar"))
    for jar in reversed(jars):
        with zipfile.ZipFile(jar) as archive:
            for name in archive.namelist():
                if name.startswith("redis-server-") and name.endswith("-linux-" + machine):
                    binary = MODULE / "target" / name
                    if not binary.exists():
                        archive.extract(name, binary.parent)
                    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
                    return binary
    raise stage.Failed("no Redis: build first (%s), name Maven's repository in MAVEN_REPOSITORY, or give --redis URL" % BUILD)

"""Other rate limit services, started with what is measured and otherwise as they are by default."""

import shlex

from bench_lib.ports import free_ports
from bench_lib.variants import PEERS
from demo_lib import stage

LIMITS = ("key", "user", "team", "everybody")


def descriptors(domain):
    """The limits in the dialect of envoyproxy/ratelimit, where they end at 2^32."""
    limit = "rate_limit: {unit: minute, requests_per_unit: 4294967295}"
    return "domain: %s\ndescriptors:\n%s" % (domain, "".join("  - {key: %s, %s}\n" % (key, limit) for key in LIMITS))


def limitador(servers, name, command, store):
    """Answers a port. The same four limits on one descriptor, in windows of a minute."""
    grpc, http = free_ports(2)
    file = servers.folder / (name + ".yaml")
    file.write_text("".join(
        "- {namespace: %s, max_value: 1000000000000, seconds: 60, conditions: [], variables: [%s]}\n" % (
            servers.domain_of(name), "" if limit == "everybody" else "\"descriptors[0]['%s']\"" % limit) for limit in LIMITS))
    servers.launch(name, command + ["--rls-ip", "127.0.0.1", "--rls-port", str(grpc), "--http-ip", "127.0.0.1", "--http-port", str(http),
                                    str(file)] + store)
    servers.processes.wait_until_ready(name, http, "/status", 60)
    return grpc


def limitador_in_memory(servers, name, command):
    return limitador(servers, name, command, ["memory"])


def limitador_in_redis(servers, name, command):
    return limitador(servers, name, command, ["redis", servers.redis_url()])


def ratelimit(servers, name, command):
    """Without statsd and without a local cache, whose use is not measured here."""
    grpc, http, debug = free_ports(3)
    config = servers.folder / name / "config"
    config.mkdir(parents=True)
    (config / "bench.yaml").write_text(descriptors(servers.domain_of(name)))
    environment = {"RUNTIME_ROOT": servers.folder, "RUNTIME_SUBDIRECTORY": name, "USE_STATSD": "false", "LOG_LEVEL": "error",
                   "GRPC_HOST": "127.0.0.1", "GRPC_PORT": grpc, "HOST": "127.0.0.1", "PORT": http,
                   "DEBUG_HOST": "127.0.0.1", "DEBUG_PORT": debug, "REDIS_SOCKET_TYPE": "tcp",
                   "REDIS_URL": "%s:%d" % servers.redis_address}
    servers.launch(name, ["env"] + ["%s=%s" % pair for pair in environment.items()] + command)
    servers.processes.wait_until_ready(name, http, "/healthcheck", 60)
    return grpc


START = {"limitador": limitador_in_memory, "redis-limitador": limitador_in_redis, "redis-ratelimit": ratelimit}


def commands(options):
    """What --peer gave, by the name of the service."""
    services = {name: service for service, (name, *_) in PEERS.items()}
    found = {}
    for given in options.peer:
        name, equals, command = given.partition("=")
        service = services.get(name)
        if service is None or not equals or not shlex.split(command):
            raise stage.Failed("--peer %s: say %s" % (given, " or ".join(known + "=COMMAND" for known in services)))
        found[service] = shlex.split(command)
    return found

"""What is measured."""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Variant:
    name: str
    title: str
    service: Optional[str]        # who answers the rate limit calls; None: nobody is asked
    reference: Optional[str]      # the variant that it is a part of
    connections: int = 0          # to Envoy; 0: straight to the service

    @property
    def wide(self):
        """Whether it is sent one descriptor with all of the attributes, and not one for each limit."""
        return self.service not in ("redis-ratelimit", "redis-descriptors", "redis-native", "memory-descriptors")

    @property
    def way(self):
        """How Envoy asks who calls and whether there is room; empty where it only asks for room."""
        return way(self.service)

    @property
    def settled(self):
        """Whether every request reserves tokens and is settled, or, of the echo, is two calls as well."""
        return "settled" in self.name

    @property
    def redis(self):
        return self.service is not None and self.service.startswith("redis")


ECHO = "echo"  # the least that gRPC-Java can do
WAYS = {"two-calls": "two calls", "one-call": "one call"}


def way(service):
    return next((one for one in WAYS if service is not None and service.endswith(one)), "")


def ways():
    """Who calls, by external authorization, and is there room: by the rate limit service, or in the same call with `admit: true`."""
    return [Variant("envoy-%s-%s-%d" % (store, one, connections), "%s, %s, %s" % (title, WAYS[one], counted(connections)),
                    "%s-%s" % (store, one), None if one == "two-calls" else "envoy-%s-two-calls-%d" % (store, connections), connections)
            for connections in (1, 32) for store, title in (("memory", "in memory"), ("redis", "Redis")) for one in WAYS]


# Other services: what --peer calls each, its title, and the services of Weir's beside it, which are sent the same.
PEERS = {
    "limitador": ("limitador", "limitador in memory", [("memory", "Weir in memory")]),
    "redis-limitador": ("limitador-redis", "limitador with Redis", [("redis", "Weir with Redis")]),
    "redis-ratelimit": ("ratelimit", "envoyproxy/ratelimit, Redis", [
        ("redis-descriptors", "Weir with the same file, Redis"), ("redis-native", "Weir with native limits, Redis"),
        ("memory-descriptors", "Weir with the same file, in memory")])}


def peers(services):
    """Each with Weir beside it."""
    return [variant for service in services for _, title, own in [PEERS[service]] for variant in
            [Variant(service, title, service, None)] + [Variant(name, words, name, service) for name, words in own]]


def counted(connections):
    return "%d connection%s" % (connections, "" if connections == 1 else "s")


def variants(baseline):
    """Services are called by their store, what is asked of them, and the build: redis, redis-settled, redis-baseline ..."""
    builds = [("", "")] + ([("-baseline", ", baseline")] if baseline else [])
    stores = [(store, end, title + name) for store, title in (("memory", "in memory"), ("redis", "Redis")) for end, name in builds]
    direct = [Variant(ECHO, "echo", ECHO, "noop"), Variant("noop", "no-op", "noop", None)]
    direct += [Variant(store + end, title, store + end, "noop") for store, end, title in stores]
    # Echo's calls are not settled, but there are two of them for each request as well.
    direct += [Variant("echo-settled", "echo, two calls a request", ECHO, None)]
    direct += [Variant(store + "-settled" + end, title + ", reserved and settled", store + "-settled" + end, "echo-settled")
               for store, end, title in stores]
    behind = []
    for connections in (1, 32):
        end = "-%d" % connections
        many = counted(connections)
        reference = "envoy-noop" + end
        behind.append(Variant("envoy-alone" + end, "no rate limits, " + many, None, reference, connections))
        behind.append(Variant(reference, "no-op, " + many, "noop", None, connections))
        behind += [Variant("envoy-" + store + build + end, title + ", " + many, store + build, reference, connections)
                   for store, build, title in stores]
    return direct + behind

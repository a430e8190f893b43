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
    def held(self):
        """Whether every request reserves tokens."""
        return self.service is not None and "held" in self.service

    @property
    def redis(self):
        return self.service is not None and self.service.startswith("redis")


def variants(baseline):
    """Services are called by their store, what is asked of them, and the build: redis, redis-held, redis-baseline ..."""
    builds = [("", "")] + ([("-baseline", ", baseline")] if baseline else [])
    stores = [(store + held + build, title + with_held + name)
              for store, title in (("memory", "in memory"), ("redis", "Redis"))
              for held, with_held in (("", ""), ("-held", ", with reservations"))
              for build, name in builds]
    direct = [Variant("noop", "no-op", "noop", None)]
    direct += [Variant(name, title, name, "noop") for name, title in stores]
    behind = []
    for connections in (1, 32):
        end = "-%d" % connections
        many = "%d connection%s" % (connections, "" if connections == 1 else "s")
        reference = "envoy-noop" + end
        behind.append(Variant("envoy-alone" + end, "no rate limits, " + many, None, reference, connections))
        behind.append(Variant(reference, "no-op, " + many, "noop", None, connections))
        behind += [Variant("envoy-" + name + end, title + ", " + many, name, reference, connections)
                   for name, title in stores if "held" not in name]
    return direct + behind

"""Envoy's rate limit call without Envoy, and a load of such calls that keeps what each was told."""

import collections
import threading
import time

import grpc
from grpc_client import field, fields  # envoy/grpc_client.py writes and reads the wire

METHOD = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"
OVERALL = {1: "OK", 2: "OVER"}


class Told:
    """An answer: `code` is OK, OVER or the name of a gRPC status."""

    def __init__(self, code, raw=b""):
        self.code, self.raw = code, raw

    @property
    def reservation(self):
        """The id that was reserved, or None."""
        for number, struct in fields(self.raw):
            if number == 6:
                for _, entry in fields(struct):
                    pair = dict(fields(entry))
                    if pair[1] == b"reservation":
                        return dict(fields(pair[2]))[3].decode()
        return None

    def header(self, name):
        for number, header in fields(self.raw):
            if number == 3:
                pair = dict(fields(header))
                if pair[1] == name.encode():
                    return pair.get(2, b"").decode()
        return None


def descriptor(entries, hits=None):
    """A descriptor of (name, value) pairs."""
    text = b"".join(field(1, field(1, name) + field(2, value)) for name, value in entries)
    return text if hits is None else text + field(3, field(1, hits))


def channel(address):
    return grpc.insecure_channel(address, options=[
        ("grpc.use_local_subchannel_pool", 1), ("grpc.initial_reconnect_backoff_ms", 50),
        ("grpc.min_reconnect_backoff_ms", 2000), ("grpc.max_reconnect_backoff_ms", 200)])


class Client:
    """One connection to a Weir."""

    def __init__(self, address, domain="llm"):
        self.domain = domain
        self.method = channel(address).unary_unary(METHOD)

    def ask(self, *descriptors, timeout=5):
        message = field(1, self.domain) + b"".join(field(2, one) for one in descriptors)
        try:
            raw = self.method(message, timeout=timeout)
            return Told(OVERALL.get(dict(fields(raw)).get(1), "?"), raw)
        except grpc.RpcError as problem:
            return Told(problem.code().name)

    def settle(self, reservation, tokens=None, code="200"):
        event = "release" if tokens is None else "settle"
        return self.ask(descriptor([("weir.reservation", reservation), ("weir.event", event), ("weir.response_code", code)], tokens))


Call = collections.namedtuple("Call", "start end code told")


class Load:
    """Threads that call in a closed loop until `seconds` are over or `stop` is called.

    make(thread, number) gives the descriptors of a call. 16 threads share a connection, because Python is slow at opening them.
    """

    def __init__(self, addresses, make, seconds, threads=16, pause=0.0, timeout=5, domain="llm"):
        self.calls = []
        self.stopping = threading.Event()
        end = time.monotonic() + seconds
        clients = [Client(addresses[i % len(addresses)], domain) for i in range(max(len(addresses), -(-threads // 16)))]

        def work(thread):
            number = 0
            while not self.stopping.is_set() and time.monotonic() < end:
                start = time.monotonic()
                told = clients[thread % len(clients)].ask(*make(thread, number), timeout=timeout)
                self.calls.append(Call(start, time.monotonic(), told.code, told))
                number += 1
                if pause:
                    time.sleep(pause)

        self.threads = [threading.Thread(target=work, args=(i,), daemon=True) for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join()
        self.calls.sort(key=lambda call: call.start)
        return self

    def stop(self):
        self.stopping.set()
        return self.join()

    def counts(self):
        return dict(collections.Counter(call.code for call in self.calls))

    def failed(self):
        """The calls that were told neither OK nor OVER."""
        return [call for call in self.calls if call.code not in OVERALL.values()]

    def last_failure_after(self, moment):
        """Seconds from `moment` to the end of the last failed call; 0 without one."""
        return max([call.end - moment for call in self.failed() if call.end > moment], default=0.0)

    def latency(self, part):
        """The `part` quantile of the seconds that calls took which were told OK or OVER."""
        times = sorted(call.end - call.start for call in self.calls if call.code in OVERALL.values())
        return times[min(len(times) - 1, int(part * len(times)))] if times else None

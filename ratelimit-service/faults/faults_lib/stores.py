"""A real redis-server of a case, and what is in it."""

import socket
import struct

from bench_lib.servers import unpack_redis

from faults_lib.processes import LOCAL, free_port, wait_for


class Redis:
    def __init__(self, processes, arguments=(), port=None):
        self.processes, self.arguments, self.port = processes, list(arguments), port or free_port()
        self.url = "redis://%s:%d" % (LOCAL, self.port)
        self.up()

    def up(self):
        self.process = self.processes.start(
            [unpack_redis(), "--port", self.port, "--bind", LOCAL, "--save", "", "--dir", self.processes.folder] + self.arguments,
            "redis-%d.log" % self.port)
        if not wait_for(lambda: self.command("PING") is not None, 10):
            raise RuntimeError("redis-server does not start")

    def command(self, *words):
        """The answer; an error is answered as a RuntimeError, not raised."""
        with socket.create_connection((LOCAL, self.port), 5) as connection:
            raw = [word if isinstance(word, bytes) else str(word).encode() for word in words]
            connection.sendall(b"*%d\r\n" % len(raw) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in raw))
            return self._read(connection.makefile("rb"))

    def _read(self, stream):
        line = stream.readline()
        if not line:
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest
        if kind == b"-":
            return RuntimeError(rest.decode())
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return None if rest == b"-1" else stream.read(int(rest) + 2)[:-2]
        return None if rest == b"-1" else [self._read(stream) for _ in range(int(rest))]

    def keys(self, part=b""):
        return sorted(key for key in self.command("KEYS", "*") if part in key)

    def slots(self, limit):
        """How many slots of a parallel limit are taken, over all of its buckets, by the store's own time."""
        seconds, micros = (int(part) for part in self.command("TIME"))
        now = seconds * 1_000_000 + micros
        return sum(self.command("ZCOUNT", key, "(%d" % now, "+inf") for key in self.keys(b":%s:" % limit.encode()))

    def reservations(self):
        return len(self.keys(b"/reservation:"))

    def sliding_total(self, limit):
        """The running total of a sliding window's buckets."""
        return sum(int(struct.unpack(">d", self.command("GET", key)[8:16])[0])
                   for key in self.keys(b":%s:" % limit.encode()) if self.command("TYPE", key) == b"string")

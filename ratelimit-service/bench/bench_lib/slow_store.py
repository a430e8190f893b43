"""A Redis that can do only so much: stands before a real one and lets its answers through one after the other, each after a time in
proportion to its length. An answer to admissions has 8 bytes and 24 for each charge of each of them, so what it can do is so many
admissions a second, however they are batched. Run as a process: takes the port of Redis and the bytes a second, prints its own port."""

import socket
import sys
import threading
import time


class SlowStore:
    def __init__(self, redis_port, bytes_per_second):
        self.redis_port, self.bytes_per_second = redis_port, bytes_per_second
        self.lock = threading.Lock()
        self.free_at = 0.0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve(self):
        while True:
            near, _ = self.listener.accept()
            far = socket.create_connection(("127.0.0.1", self.redis_port))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.questions, args=(near, far), daemon=True).start()
            threading.Thread(target=self.answers, args=(near, far), daemon=True).start()

    def questions(self, near, far):
        try:
            for data in iter(lambda: near.recv(1 << 16), b""):
                far.sendall(data)
        except OSError:
            pass
        close(far)

    def answers(self, near, far):
        stream = far.makefile("rb")
        try:
            for line in iter(stream.readline, b""):
                # Only what scripts answer is slow; what is said when a connection begins comes in other forms.
                length = int(line[1:]) if line.startswith(b"$") else 0
                body = stream.read(length + 2) if line.startswith(b"$") and length >= 0 else b""
                if length >= 8:
                    self.work(length)
                near.sendall(line + body)
        except OSError:
            pass
        close(near)

    def work(self, length):
        """Waits until this answer is done; nobody else's is worked at meanwhile."""
        with self.lock:
            self.free_at = max(self.free_at, time.monotonic()) + length / self.bytes_per_second
            done = self.free_at
        time.sleep(max(0.0, done - time.monotonic()))


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


if __name__ == "__main__":
    store = SlowStore(int(sys.argv[1]), float(sys.argv[2]))
    print(store.port, flush=True)
    store.serve()

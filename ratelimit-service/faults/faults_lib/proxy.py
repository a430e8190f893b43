"""Stands before a server, as a balancer does: a port of the loopback in a thread of its own."""

import selectors
import socket
import threading

from faults_lib.processes import LOCAL


class Proxy:
    """Passes on what it gets. Connections can be silenced, and new ones led elsewhere."""

    def __init__(self, port):
        self.target = port
        self.pairs = []
        self.listener = socket.create_server((LOCAL, 0))
        self.port = self.listener.getsockname()[1]
        self.url = "redis://%s:%d" % (LOCAL, self.port)
        threading.Thread(target=self._accept, daemon=True).start()

    def silence(self):
        """The connections of now stay open and pass on nothing more; new ones work."""
        for pair in list(self.pairs):
            pair["silent"] = True

    def _accept(self):
        while True:
            near = self.listener.accept()[0]
            try:
                far = socket.create_connection((LOCAL, self.target), 5)
            except OSError:
                near.close()
                continue
            pair = {"silent": False}
            self.pairs.append(pair)
            threading.Thread(target=self._pass, args=(near, far, pair), daemon=True).start()

    @staticmethod
    def _pass(near, far, pair):
        with selectors.DefaultSelector() as ready, near, far:
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while True:
                for key, _ in ready.select():
                    try:
                        data = key.fileobj.recv(1 << 16)
                        if data and not pair["silent"]:
                            key.data.sendall(data)
                    except OSError:
                        return
                    if not data:
                        return

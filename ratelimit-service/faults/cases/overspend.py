"""40k tokens a minute. 40 requests at once whose answers take 1.5 s: how much is spent before the limit refuses, and who pays for it?"""
import collections
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from faults_lib.services import KEYS, Envoy, Weir

LIMIT = 40_000
POLICY = """domain: llm
%slimits:
  - {name: tok, tier: key, per: [key], allow: 40k tokens / 1m, estimate: 500}
  - {name: short, tier: user, per: [user], allow: 4k tokens / 1s, estimate: 500, when: {key: carol-laptop}}
"""
BURSTS = (
    ("n: 50", "alice-laptop", {"max_tokens": 100, "n": 50}, "hi"),
    ("a prompt of 100k tokens", "alice-ci", {"max_tokens": 1}, "x" * 400_000),
    ("honest, max_tokens 1000", "bob-laptop", {"max_tokens": 1000}, "hi"),
)


class Slow(BaseHTTPRequestHandler):
    """Counts a token for four letters of the prompt, and all that the answers may have."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        prompt = sum(len(message["content"]) for message in body["messages"]) // 4
        time.sleep(body.get("wait", 1.5))
        total = body.get("spends", prompt + body.get("max_tokens", 0) * body.get("n", 1))
        with self.server.lock:
            self.server.spent += total
        answer = json.dumps({"choices": [], "usage": {"total_tokens": total}}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)


class Provider(ThreadingHTTPServer):
    request_queue_size = 200
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Slow)
        self.port, self.spent, self.lock = self.server_address[1], 0, threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()


def at_once(envoy, key, fields, prompt, times=40):
    codes = []
    body = json.dumps({"messages": [{"role": "user", "content": prompt}], **fields})
    threads = [threading.Thread(target=lambda: codes.append(envoy.chat(key, body=body)[0])) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(collections.Counter(codes))


def run(world):
    provider = Provider()
    for config in ("envoy.yaml", "envoy-admit.yaml"):
        weir = Weir(world, POLICY % ("admit: true\n" if "admit" in config else ""), keys=KEYS, name=config[:-5])
        envoy = Envoy(world, [weir], provider, config)
        for name, key, fields, prompt in BURSTS:
            provider.spent = 0
            codes = at_once(envoy, key, fields, prompt)
            world.must("%s, %s: spent, times the limit" % (name, config), "%.2f, answers %s" % (provider.spent / LIMIT, codes),
                       "at most 1.20", provider.spent <= 1.2 * LIMIT)
        # The provider counts 5,000 for each of four requests that held some 20: five windows have to pay for them.
        provider.spent = 0
        at_once(envoy, "carol-laptop", {"max_tokens": 1, "spends": 5_000, "wait": 0.2}, "hi", 4)
        start = time.monotonic()
        while envoy.chat("carol-laptop", max_tokens=1, wait=0)[0] != 200 and time.monotonic() - start < 20:
            time.sleep(0.05)
        waited = time.monotonic() - start
        world.must("20k spent of 4k a second, %s: seconds until the next is let in" % config, "%.1f" % waited,
                   "4.0 to 5.5", 3.9 <= waited <= 5.5)

"""What the show runs on: the jar, free ports, and the processes, which are ended by their own ids."""

import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

ENVOY = pathlib.Path(__file__).resolve().parent.parent
ROOT = ENVOY.parent
JAR = ROOT / "ratelimit-service" / "target" / "weir.jar"
DEFAULT_PORTS = {"listener": 10000, "admin": 8080, "grpc": 8081, "provider": 9000, "envoy_admin": 9901}


class Failed(Exception):
    """The show cannot go on; the message says why."""


def build():
    """Builds the jar where it is missing or older than a source."""
    sources = [ROOT / "pom.xml", ROOT / "ratelimit-service" / "pom.xml"]
    for folder in (ROOT / "proto", ROOT / "ratelimit-service" / "src"):
        sources += [path for path in folder.rglob("*") if path.is_file()]
    newest = max(path.stat().st_mtime for path in sources if path.exists())
    if JAR.exists() and JAR.stat().st_mtime >= newest:
        return
    command = ["mvn", "-q", "-B", "-DskipTests", "package"]
    print("building weir.jar: %s" % " ".join(command), flush=True)
    try:
        done = subprocess.run(command, cwd=str(ROOT))
    except FileNotFoundError:
        raise Failed("Maven (mvn) is not on the PATH, and %s must be built" % JAR.relative_to(ROOT))
    if done.returncode != 0 or not JAR.exists():
        raise Failed("the build failed")


def pick_ports():
    """The default ports where all of them are free, else free ones for all."""
    if all(is_free(port) for port in DEFAULT_PORTS.values()):
        return dict(DEFAULT_PORTS)
    sockets = {name: socket.socket() for name in DEFAULT_PORTS}
    try:
        for one in sockets.values():
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in sockets.items()}
    finally:
        for one in sockets.values():
            one.close()


def is_free(port):
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def render(name, folder, replacements):
    """Copies a shipped file with replacements, each of which must be found in it."""
    text = (ENVOY / name).read_text()
    for old, new in replacements:
        if old not in text:
            raise Failed("envoy/%s does not hold %r, which the demo replaces" % (name, old))
    # by way of placeholders, so that a new port is never taken for an old one
    for number, (old, _) in enumerate(replacements):
        text = text.replace(old, "\0%d\0" % number)
    for number, (_, new) in enumerate(replacements):
        text = text.replace("\0%d\0" % number, new)
    path = pathlib.Path(folder, name)
    path.write_text(text)
    return path


def get(port, path, timeout=5, headers=None):
    """Status and text of a GET; status 0 if nobody answers."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                urllib.request.Request("http://127.0.0.1:%d%s" % (port, path), headers=headers or {}), timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode("utf-8", "replace")
    except OSError:
        return 0, ""


class Processes:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.started = []

    def start(self, name, command):
        log = self.folder / (name + ".log")
        with open(log, "wb") as out:
            # A session of its own: Ctrl-C reaches the demo only, which then ends its children in order.
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        self.started.append((name, process, log))

    def wait_until_ready(self, name, port, path, seconds):
        deadline = time.monotonic() + seconds
        while get(port, path)[0] != 200:
            self.check()
            if time.monotonic() > deadline:
                raise Failed("%s is not ready after %d seconds (GET %s)\n%s" % (name, seconds, path, self.tail(name)))
            time.sleep(0.05)

    def check(self):
        for name, process, _ in self.started:
            if process.poll() is not None:
                raise Failed("%s ended with exit code %d\n%s" % (name, process.returncode, self.tail(name)))

    def tail(self, name, lines=25):
        log = next(log for other, _, log in self.started if other == name)
        end = log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(["the end of its log:"] + ["  " + line for line in end or ["(empty)"]])

    def end_all(self):
        for _, process, _ in reversed(self.started):
            if process.poll() is None:
                process.terminate()
        for _, process, _ in reversed(self.started):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.started = []


def find_envoy():
    """The path of Envoy, or None and the reason."""
    done = subprocess.run([str(ENVOY / "find")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True)
    if done.returncode == 0:
        return done.stdout.strip(), None
    return None, done.stderr.strip() or "envoy/find failed"


def random_name():
    return os.urandom(4).hex()

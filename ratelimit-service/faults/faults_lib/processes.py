"""Processes of a case, which end with it by their own ids, and waiting without guessing."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

LOCAL = "127.0.0.1"


def free_port():
    with socket.socket() as one:
        one.bind((LOCAL, 0))
        return one.getsockname()[1]


def wait_for(what, seconds=30, every=0.05):
    """What `what` answers as soon as that is true, or None when the time is up. An exception counts as "not yet"."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            found = what()
            if found:
                return found
        except Exception:  # whatever is not up yet answers in many ways
            pass
        time.sleep(every)
    return None


def http(port, path, timeout=5, method="GET", data=None):
    """Status and text; status 0 where nobody answers."""
    request = urllib.request.Request("http://%s:%d%s" % (LOCAL, port, path), method=method, data=data)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
    except OSError as problem:
        return 0, str(problem)


class Processes:
    """A folder and the processes that run in it."""

    def __init__(self, name):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="weir-fault-%s-" % name))
        self.started = []

    def start(self, command, log, **options):
        """Starts a command whose two outputs go to the file `log` of the folder."""
        with open(self.folder / log, "ab") as out:
            options.setdefault("stdout", out)
            process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stderr=out, **options)
        self.started.append(process)
        return process

    def write(self, name, text):
        """A file of the folder, replaced as a whole."""
        path = self.folder / name
        fresh = self.folder / (name + ".new")
        fresh.write_text(text)
        os.replace(fresh, path)
        return path

    def close(self, keep=False):
        for process in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)  # a stopped process does not hear SIGTERM
                process.terminate()
        for process in reversed(self.started):
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)

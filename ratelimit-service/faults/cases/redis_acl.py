"""The password of Redis's user changes and the connection is lost, then the file with the password follows."""
import time

from faults_lib.calls import Client, Load, descriptor
from faults_lib.processes import http
from faults_lib.services import Weir
from faults_lib.stores import Redis

POLICY = """domain: llm
limits:
  - {name: all, tier: global, per: [], allow: 1000000000 requests / 1d}
"""
USER = ["~w1:*", "+@connection", "+@read", "+@write", "+@scripting", "+select", "+time"]


def run(world):
    redis = Redis(world.processes)
    redis.command("ACL", "SETUSER", "weir", "on", ">0ne-s3cret", *USER)
    in_url = redis.url.replace("redis://", "redis://weir:0ne-s3cret@")
    weir = Weir(world, POLICY, "--redis", in_url)
    load = Load([weir.address], lambda thread, number: [descriptor([("user", "u%d" % thread)])], 10, threads=8, pause=0.01)
    time.sleep(1.5)
    redis.command("ACL", "SETUSER", "weir", "resetpass", ">tw0-s3cret")
    world.equal("a call on the connection of before", Client(weir.address).ask(descriptor([("user", "probe")])).code, "OK")
    redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    time.sleep(2.5)
    status, page = http(weir.admin, "/readyz")
    world.must("the second line of /readyz", page.splitlines()[-1][:60], "names WRONGPASS", status == 200 and "WRONGPASS" in page)
    redis.command("ACL", "SETUSER", "weir", ">0ne-s3cret")
    back = time.monotonic()
    load.join()
    world.at_most("seconds until calls are answered after the password holds again", round(load.last_failure_after(back), 2), 0.7)
    world.must("the log names the reason", "WRONGPASS" in weir.text(), "WRONGPASS", "WRONGPASS" in weir.text())
    world.equal("passwords in the log", weir.text().count("s3cret"), 0)

    password = world.processes.write("password", "0ne-s3cret\n")
    rotated = Weir(world, POLICY, "--redis", redis.url.replace("redis://", "redis://weir@"), "--redis-password-file", password, name="file")
    load = Load([rotated.address], lambda thread, number: [descriptor([("user", "u%d" % thread)])], 10, threads=8, pause=0.01)
    redis.command("ACL", "SETUSER", "weir", ">tw0-s3cret")
    world.processes.write("password", "tw0-s3cret\n")
    time.sleep(4)
    redis.command("ACL", "SETUSER", "weir", "<0ne-s3cret")
    redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    start = time.monotonic()
    load.join()
    world.at_most("seconds that calls fail after a rotation by file and the end of all connections", round(load.last_failure_after(start), 3), 0.1)
    world.note("answers", load.counts())

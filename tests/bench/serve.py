#!/usr/bin/env python3
"""Measures how fast animed scans, starts and serves, beside Redis and a bare echo server; README.md here explains it.

It takes the real ratings where they are present, else the demo data, and Redis where it is installed."""

import csv
import os
import shutil
import statistics
import subprocess
import sys
import time

SRCDIR = os.environ["SRCDIR"]
BUILDDIR = os.environ["BUILDDIR"]
sys.path.insert(0, os.path.join(SRCDIR, "tests", "integration"))
import harness  # noqa: E402

BENCH = os.path.join(BUILDDIR, "tests", "bench")
STARTS = 15


class Redis:
    """A redis-server that listens on a Unix socket only and keeps nothing on disk."""

    def __init__(self, scratch):
        self.socket = scratch.path("redis.sock")
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", "",
                                         "--appendonly", "no"], cwd=scratch.home, stdout=subprocess.DEVNULL)
        while not os.path.exists(self.socket):
            assert self.process.poll() is None, "redis-server ended"
            time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def titles(data):
    with open(os.path.join(data, "animes.csv"), encoding="utf-8", newline="") as file:
        return "".join(row["title"].replace("\n", " ") + "\n" for row in csv.DictReader(file))


def start_up(scratch):
    """Measure the time from exec to the line that says ready."""
    took = []
    for _ in range(STARTS):
        begun = time.perf_counter()
        with scratch.daemon():
            took.append(time.perf_counter() - begun)
    size = os.path.getsize(os.path.join(scratch.models, "current"))
    print(f"\nanimed, exec to ready: best {min(took) * 1e3:.0f} ms, median {statistics.median(took) * 1e3:.0f} ms "
          f"({STARTS} starts, a model of {size / 1e6:.1f} MB)")


def serve(scratch):
    data = harness.MAL if os.path.isdir(harness.MAL) else os.path.join(SRCDIR, "etc", "demo")
    scratch.configure(data=data)
    scratch.animed("train")
    subprocess.run([os.path.join(BENCH, "bench_scan"), os.path.join(scratch.models, "current"), harness.PLUGINS],
                   check=True)
    print()
    subprocess.run([os.path.join(BENCH, "bench_titles"), os.path.join(scratch.models, "current")], check=True)
    start_up(scratch)
    command = [os.path.join(BENCH, "bench_serve")]
    with scratch.daemon():
        while scratch.ask("status")["model"]["neighbours"] == 0:
            pass
        memory = scratch.ask("status")["memory"]
        print(f"resident with all lists: {memory / 1e6:.1f} MB\n")

        def run(*options):
            subprocess.run([*command, *options, scratch.home, scratch.socket], input=titles(data), text=True, check=True)

        if not shutil.which("redis-server"):
            print("redis-server is not installed: without it")
            run()
            return
        with Redis(scratch) as redis:
            run("-r", redis.socket, "-c", harness.ANIMECTL, "-C", shutil.which("redis-cli"))


if __name__ == "__main__":
    harness.main([serve])

#!/usr/bin/env python3
"""Tests that OpenBLAS has no threads in the daemon, and that no answer depends on how many it is told to have."""

import csv
import os
import resource
import subprocess

import harness


def demo_ids(n):
    with open(os.path.join(harness.SRCDIR, "etc", "demo", "animes.csv"), encoding="utf-8", newline="") as file:
        return [row["uid"] for row in csv.DictReader(file)][:n]


def fold_in(scratch, threads):
    """Ask for recommendations for a new user.  Returns the answer, and the threads of the daemon after it."""
    scratch.env["OPENBLAS_NUM_THREADS"] = threads
    ratings = [f"id:{item}={1 + number % 10}" for number, item in enumerate(demo_ids(400))]
    with scratch.daemon() as daemon:
        answer, _ = scratch.ctl("--json", "recommend", "-n", "50", *ratings)
        return answer, os.listdir(f"/proc/{daemon.process.pid}/task")


def one_thread_whatever_openblas_would_have(scratch):
    # with lists of neighbours, the daemon could still have threads that compute them
    scratch.configure(model="{plugin: bias, factors: 200, epochs: 1}", more="  similarity: {plugin: cosine, neighbours: 0}\n")
    scratch.animed("train")
    one, many = fold_in(scratch, "1"), fold_in(scratch, "8")
    assert one[0] == many[0], "the answers differ"
    assert len(one[1]) == len(many[1]), (one[1], many[1])


def address_space_too_small(scratch):
    """OpenBLAS's threads wait for memory without end, so that the program has to refuse before it waits for them."""
    if harness.SANITIZE != "no" or len(os.sched_getaffinity(0)) < 2:
        harness.skip("it takes two cores, and a build without sanitizers")
    limit = 140 << 20

    def run(threads):
        return subprocess.run([harness.ANIMED, "--version"], env=dict(scratch.env, OPENBLAS_NUM_THREADS=threads),
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
                              capture_output=True, text=True, timeout=harness.TIMEOUT)

    refused, served = run("2"), run("1")
    assert refused.returncode == 1 and refused.stdout == "", refused
    assert refused.stderr.startswith("animed: error: the address space is limited to 140 MB (ulimit -v)"), refused
    assert served.returncode == 0 and served.stdout.startswith("animed "), served


if __name__ == "__main__":
    harness.main([one_thread_whatever_openblas_would_have, address_space_too_small])

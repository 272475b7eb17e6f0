#!/usr/bin/env python3
"""Tests the cache beside the source: the second training maps it, and gives the same model."""

import os
import time

from harness import BUILDDIR, Scratch, main

CACHE = "data/reviews.csv.animed-cache"
MODEL = "{plugin: bias, factors: 8, epochs: 1}"


def generate(s: Scratch):
    """Write ratings of more than 16 MB, since smaller ones are not cached."""
    os.mkdir(s.path("data"))
    power_law = os.path.join(BUILDDIR, "tests", "bench", "power_law")
    s.run(power_law, "-r", "1000000", "-u", "9000", "-i", "3000", s.path("data"))
    assert os.path.getsize(s.path("data/reviews.csv")) > 16 << 20
    for name in "data/reviews.csv", "data/animes.csv":
        os.utime(s.path(name), (time.time() - 10,) * 2)


def second_run(s: Scratch):
    generate(s)
    s.configure(data=s.path("data"), model=MODEL)
    _, first = s.animed("train")
    assert "dataset cached in " + s.path(CACHE) in first, first
    assert "from the cache" not in first, first
    assert os.stat(s.path(CACHE)).st_mode & 0o777 == 0o600
    _, second = s.animed("train")
    assert "from the cache, at first in " in second, second
    assert "1,000,000 rows, 1,000,000 kept" in first and "1,000,000 rows, 1,000,000 kept" in second
    with open(s.path("models/1.safetensors"), "rb") as one, open(s.path("models/2.safetensors"), "rb") as two:
        a, b = one.read(), two.read()
    header = 8 + int.from_bytes(a[:8], "little")
    assert len(a) == len(b) and a[header:] == b[header:], "another model than without the cache"


def switched_off(s: Scratch):
    generate(s)
    s.configure(data=s.path("data"), model=MODEL, more="dataset: {cache: false}\n")
    _, log = s.animed("train")
    assert "cached" not in log and not os.path.exists(s.path(CACHE)), log


main([second_run, switched_off])

#!/usr/bin/env python3
"""Tests the cache beside the source: the second training maps it, and gives the same model."""

import os
import time

from harness import Scratch, main

CACHE = "data/reviews.csv.animed-cache"
MODEL = "{plugin: bias, factors: 8, epochs: 1}"
ONCE = "train: {refit: false}\n"


def generate(s: Scratch):
    """Write ratings of more than 16 MB, since smaller ones are not cached; long names make few of them enough."""
    os.mkdir(s.path("data"))
    s.write("data/animes.csv", "uid,title\n" + "".join(f"{i},Show {i}\n" for i in range(3000)))
    s.write("data/reviews.csv", "profile,anime_uid,score\n" +
            "".join(f"{u:0150d},{(u + 250 * k) % 3000},{1 + (u + k) % 10}\n" for u in range(9000) for k in range(12)))
    assert os.path.getsize(s.path("data/reviews.csv")) > 16 << 20
    for name in "data/reviews.csv", "data/animes.csv":
        os.utime(s.path(name), (time.time() - 10,) * 2)


def second_run(s: Scratch):
    generate(s)
    s.configure(data=s.path("data"), model=MODEL, more=ONCE)
    _, first = s.animed("train")
    assert "dataset cached in " + s.path(CACHE) in first, first
    assert "from the cache" not in first, first
    assert os.stat(s.path(CACHE)).st_mode & 0o777 == 0o600
    _, second = s.animed("train")
    assert "from the cache, at first in " in second, second
    assert "108,000 rows, 108,000 kept" in first and "108,000 rows, 108,000 kept" in second
    with open(s.path("models/1.safetensors"), "rb") as one, open(s.path("models/2.safetensors"), "rb") as two:
        a, b = one.read(), two.read()
    header = 8 + int.from_bytes(a[:8], "little")
    assert len(a) == len(b) and a[header:] == b[header:], "another model than without the cache"


def switched_off(s: Scratch):
    generate(s)
    s.configure(data=s.path("data"), model=MODEL, more=ONCE + "dataset: {cache: false}\n")
    _, log = s.animed("train")
    assert "cached" not in log and not os.path.exists(s.path(CACHE)), log


main([second_run, switched_off])

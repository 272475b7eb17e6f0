#!/usr/bin/env python3
"""Measures how fast the ranking ease and the similarity corating learn, beside EASE in numpy; see bench_learn.c.

It takes the real ratings where they are present, else the demo data, and compares what ease has learnt with what numpy
makes of the same ratings.  Then both learn from 50 million made-up ratings, which takes some 4 GB and a few minutes; with
`--small` they do not."""

import os
import re
import subprocess
import sys
import time

SRCDIR = os.environ["SRCDIR"]
BUILDDIR = os.environ["BUILDDIR"]
sys.path.insert(0, os.path.join(SRCDIR, "tests", "integration"))
import harness  # noqa: E402

BENCH = os.path.join(BUILDDIR, "tests", "bench", "bench_learn")
THREADS = 2
RUNS = 3
PIPELINE = """\
  similarity: {plugin: corating}
  ranking: {plugin: ease}
"""


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read(scratch, numpy, name, dtype):
    return numpy.fromfile(scratch.path(name), dtype)


def ease_in_numpy(numpy, sparse, linalg, users, items, scores, franchises):
    """B and the items it is about, by the formulas of animed-ease(7) with the defaults of its parameters."""
    counts = numpy.bincount(items, minlength=len(franchises))
    chosen = numpy.flatnonzero(counts >= 5)
    raters = numpy.bincount(users)
    weights = (scores / scores.max()) ** 2 * raters[users] ** -0.25
    w = sparse.csc_matrix((weights.astype(numpy.float32), (users, items)))[:, chosen]
    g = (w.T @ w).toarray()
    diagonal = numpy.diag(g).copy()
    n = counts[chosen]
    unit = diagonal.sum() / n.sum()
    _, franchise, sizes = numpy.unique(franchises[chosen], return_inverse=True, return_counts=True)
    order = numpy.split(numpy.argsort(franchise, kind="stable"), numpy.cumsum(sizes)[:-1])
    for members in order:
        if len(members) > 1:
            roots = numpy.sqrt(n[members])
            g[numpy.ix_(members, members)] += (0.2 * unit * numpy.outer(roots, roots)).astype(numpy.float32)
    g[numpy.diag_indices(len(n))] += 100 * unit + 0.3 * diagonal
    p = linalg.lapack.spotri(linalg.lapack.spotrf(g, lower=1, overwrite_a=1)[0], lower=1, overwrite_c=1)[0]
    p = numpy.tril(p) + numpy.tril(p, -1).T
    b = -p / numpy.diag(p)
    numpy.fill_diagonal(b, 0)
    kept = min(200, len(n))
    sizes = numpy.abs(b) * (n ** -0.1).astype(numpy.float32)
    least = -numpy.partition(-sizes, kept - 1, axis=1)[:, kept - 1]
    b[sizes < least[:, None]] = 0
    return chosen, sparse.csr_matrix(b)


def beside_numpy(scratch, seconds):
    try:
        import numpy
        from scipy import linalg, sparse
    except ImportError as error:
        print(f"skipped: EASE in numpy: {error}")
        return
    ratings = [read(scratch, numpy, *column) for column in (("users.u32", "<u4"), ("items.u32", "<u4"),
                                                            ("scores.f32", "<f4"), ("franchises.u32", "<u4"))]
    best = float("inf")
    for _ in range(RUNS):
        start = time.monotonic()
        chosen, expected = ease_in_numpy(numpy, sparse, linalg, *ratings)
        best = min(best, time.monotonic() - start)
    n = len(ratings[3])
    ours = sparse.csr_matrix((read(scratch, numpy, "ease.values", "<f4"), read(scratch, numpy, "ease.items", "<u4"),
                              read(scratch, numpy, "ease.offsets", "<u8").astype("i8")), shape=(n, n))[chosen][:, chosen]
    both = (ours != 0).multiply(expected != 0)
    off = abs(ours.multiply(both) - expected.multiply(both)).max()
    differ = (ours != 0).astype(int) - (expected != 0).astype(int)
    print(f"EASE in numpy {numpy.__version__}, its OpenBLAS on all cores: {best:.2f} s; ease takes {seconds / best:.2f} of "
          f"that\n{ours.nnz} cells, off by {off:.1e} at the most; of the last of their rows {differ.nnz // 2} differ")
    assert off < 1e-4 and differ.nnz < 1e-4 * ours.nnz, "ease has learnt something else than numpy"


def bench(scratch):
    real = os.path.isdir(harness.MAL)
    if not real:
        print("no ratings at ../shared/data/mal: on the demo data, which says little")
    conf = scratch.configure(data=harness.MAL if real else os.path.join(SRCDIR, "etc", "demo"), more=PIPELINE)
    for threads in (1, THREADS):
        out = run(BENCH, "-t", str(threads), "-r", str(RUNS), "-w", scratch.home, conf)
        print(out, end="", flush=True)
    beside_numpy(scratch, float(re.search(r"^ease .* threads: ([\d.]+) s", out, re.MULTILINE)[1]))
    if "--small" not in sys.argv:
        print("\n== made-up ratings by a power law, 300,000 users, 17,000 items", flush=True)
        print(run(BENCH, "-t", str(THREADS), "-p", "50000000,300000,17000", conf), end="")


if __name__ == "__main__":
    harness.main([bench])

#!/usr/bin/env python3
"""Measures how fast and how well animed trains, beside a plain scalar loop, LIBMF and PyTorch; see bench_train.c.

It takes the real ratings where they are present, else the demo data, and LIBMF (mf-train) and PyTorch where they are
installed.  Then it trains on many made-up ratings."""

import math
import os
import re
import shutil
import subprocess
import sys
import time

SRCDIR = os.environ["SRCDIR"]
BUILDDIR = os.environ["BUILDDIR"]
sys.path.insert(0, os.path.join(SRCDIR, "tests", "integration"))
import harness  # noqa: E402

BENCH = os.path.join(BUILDDIR, "tests", "bench", "bench_train")
THREADS = 2


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def ours(scratch, data):
    """Print the table of bench_train for each model, and leave the split in the scratch directory."""
    for number, model in enumerate(["{plugin: bias}", "{plugin: svdpp}"]):
        conf = scratch.configure(data=data, model=model)
        split = ["-w", scratch.home] if number == 0 else []
        print(f"\n== {model}")
        print(run(BENCH, "-s", "3", "-r", "5", *split, conf), end="")


def libmf(scratch):
    """Train with LIBMF, k = 128 and 20 iterations, with the settings of the table in animed-bias(7)."""
    trainer = shutil.which("mf-train")
    if not trainer:
        print("skipped: LIBMF: no mf-train in the PATH")
        return
    best = math.inf
    for _ in range(3):
        start = time.monotonic()
        out = run(trainer, "-f", "0", "-k", "128", "-t", "20", "-s", str(THREADS), "-l2", "0.05", "-r", "0.1", "-p",
                  scratch.path("valid.txt"), scratch.path("train.txt"), scratch.path("libmf.model"))
        best = min(best, time.monotonic() - start)
    rmse = re.findall(r"^\s*\d+\s+[\d.]+\s+([\d.]+)", out, re.MULTILINE)
    print(f"LIBMF, {THREADS} threads, k = 128, 20 iterations: RMSE {rmse[-1] if rmse else '?'}, {best:.3f} s, files read "
          "and written among them")


def pytorch(scratch):
    """Train with PyTorch as the notebook does: k = 50, 12 epochs of Adam with one cycle, batches of 64."""
    try:
        import numpy
        import torch
    except ImportError as error:
        print(f"skipped: PyTorch: {error}")
        return
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    train, valid = (torch.from_numpy(numpy.loadtxt(scratch.path(name), dtype=numpy.float32))
                    for name in ("train.txt", "valid.txt"))
    rows = [int(max(train[:, side].max(), valid[:, side].max())) + 1 for side in (0, 1)]
    users, items = (torch.nn.Parameter(torch.randn(n, 50) * 0.1) for n in rows)

    def predict(pairs):
        product = (users[pairs[:, 0].long()] * items[pairs[:, 1].long()]).sum(1)
        return torch.sigmoid(product) * 10.5

    batches = len(train) // 64
    adam = torch.optim.AdamW([users, items], lr=1e-3, betas=(0.95, 0.99), eps=1e-5, weight_decay=0.01)
    cycle = torch.optim.lr_scheduler.OneCycleLR(adam, 1e-3, total_steps=12 * batches + 1, pct_start=0.25,
                                                div_factor=25, final_div_factor=4e3, base_momentum=0.85,
                                                max_momentum=0.95)
    start = time.monotonic()
    for _ in range(12):
        order = torch.randperm(len(train))
        for batch in order[:batches * 64].split(64):
            adam.zero_grad()
            ((predict(train[batch]) - train[batch, 2]) ** 2).mean().backward()
            adam.step()
            cycle.step()
    seconds = time.monotonic() - start
    with torch.no_grad():
        rmse = ((predict(valid) - valid[:, 2]) ** 2).mean().sqrt().item()
    print(f"PyTorch {torch.__version__}, {THREADS} threads, the notebook's protocol (k = 50, 12 epochs): RMSE {rmse:.4f}, "
          f"{seconds:.1f} s")


def at_scale():
    """Train on 50 million made-up ratings, which takes some 3 GB and a few minutes, or on 5 million if memory is short."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    ratings = 50_000_000 if free > 6 << 30 else 5_000_000
    print(f"\n== made-up ratings by a power law, 300,000 users, 17,000 items{'' if ratings > 10**7 else ' (memory is short)'}")
    print(run(BENCH, "-e", "2", "-p", f"{ratings},300000,17000"), end="")


def bench(scratch):
    data = harness.MAL if os.path.isdir(harness.MAL) else os.path.join(SRCDIR, "etc", "demo")
    if data != harness.MAL:
        print("no ratings at ../shared/data/mal: on the demo data, which says little")
    ours(scratch, data)
    libmf(scratch)
    pytorch(scratch)
    at_scale()


if __name__ == "__main__":
    harness.main([bench])

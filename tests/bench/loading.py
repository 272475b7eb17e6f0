#!/usr/bin/env python3
"""Measures how fast made-up ratings load, from CSV and from the cache, beside `wc -l` and pandas where it is installed.

ANIMED_BENCH_RATINGS sets how many there are, 5,000,000 by default; 50,000,000 take 1.2 GB of disk and a few minutes.
Each figure is the best of three runs.  On a busy machine, trust the ratios and the processor time.  The processor time
is that of the whole process, and includes its start and the digest of the result."""

import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

BENCH = os.path.join(os.environ["BUILDDIR"], "tests", "bench")
RATINGS = int(os.environ.get("ANIMED_BENCH_RATINGS", "5000000"))
RUNS = 3

# the least that a loader has to do, as pandas does it best: read, number users and items, sort, drop repeats
PANDAS = """
import sys, time
import pandas
start = time.monotonic()
table = pandas.read_csv(sys.argv[1], usecols=["profile", "anime_uid", "score"])
read = time.monotonic() - start
users, items = pandas.factorize(table.profile, sort=True)[0], pandas.factorize(table.anime_uid, sort=True)[0]
table = pandas.DataFrame({"user": users, "item": items, "score": table.score})
table = table.drop_duplicates(["user", "item"], keep="last").sort_values(["user", "item"])
print(read, time.monotonic() - start, len(table))
"""


def run(*command):
    """Run a command.  Returns what it printed, the processor time in seconds and the peak memory in MB."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read()
    if process.returncode != 0:
        sys.exit(f"{command}: exit {process.returncode}\n{text}")
    return text, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(measure):
    return min((measure() for _ in range(RUNS)), key=lambda result: result[0])


def wc(path):
    start = time.monotonic()
    _, cpu, memory = run("wc", "-l", path)
    return time.monotonic() - start, cpu, memory


def load(cache, threads, ratings, items, digests):
    text, cpu, memory = run(os.path.join(BENCH, "bench_load"), cache, str(threads), ratings, items)
    digests.add(re.search(r"digest (\w+)", text)[1])
    return float(re.search(r"loaded in ([\d.]+) s", text)[1]), cpu, memory, "from the cache" in text


def main(directory):
    ratings, items = os.path.join(directory, "reviews.csv"), os.path.join(directory, "animes.csv")
    users = max(RATINGS * 3 // 500, 100)
    run(os.path.join(BENCH, "power_law"), "-r", str(RATINGS), "-u", str(users), "-i", "17000", directory)
    with open(ratings, "rb") as plain, gzip.open(ratings + ".gz", "wb", 1) as packed:
        shutil.copyfileobj(plain, packed, 1 << 20)
    for path in ratings, items:  # old enough for the dataset to be cached
        os.utime(path, (time.time() - 10,) * 2)
    digests = set()
    rows = [("wc -l", *best(lambda: wc(ratings)))]
    threads = os.cpu_count()
    for n in sorted({1, threads}):
        rows.append((f"animed, {n} threads", *best(lambda n=n: load("no-cache", n, ratings, items, digests))[:3]))
    rows.append((f"animed, gzip, {threads} threads",
                 *best(lambda: load("no-cache", threads, ratings + ".gz", items, digests))[:3]))
    first = load("cache", threads, ratings, items, digests)
    cached = best(lambda: load("cache", threads, ratings, items, digests))
    assert not first[3] and cached[3], "the cache was not used"
    rows.append(("animed, from the cache", *cached[:3]))
    assert len(digests) == 1, f"not the same dataset in every way: {digests}"
    if subprocess.run([sys.executable, "-c", "import pandas"], stderr=subprocess.DEVNULL, check=False).returncode == 0:
        def pandas():
            text, cpu, memory = run(sys.executable, "-c", PANDAS, ratings)
            read, whole, kept = text.split()
            assert int(kept) == RATINGS
            return float(whole), float(read), cpu, memory
        whole, read, cpu, memory = best(pandas)
        rows += [("pandas read_csv", read, None, memory), ("pandas, numbered and sorted", whole, cpu, memory)]
    else:
        print("skipped: pandas: python3-pandas is not installed")
    size = os.path.getsize(ratings)
    print(f"{RATINGS:,} ratings of {users:,} users and 17,000 items, {size / 1e6:,.0f} MB of CSV, "
          f"{os.path.getsize(ratings + '.animed-cache') / 1e6:,.0f} MB of cache")
    print(f"{'':28}{'seconds':>9}{'rows/s':>14}{'times wc -l':>13}{'processor':>11}{'peak MB':>9}")
    for name, seconds, cpu, memory in rows:
        seconds = max(seconds, 0.005)  # bench_load prints hundredths of a second
        print(f"{name:28}{seconds:9.2f}{RATINGS / seconds:14,.0f}{seconds / rows[0][1]:13.1f}"
              f"{'' if cpu is None else f'{cpu:.2f} s':>11}{memory:9,.0f}")


with tempfile.TemporaryDirectory(prefix="animed-bench-") as scratch:
    main(scratch)

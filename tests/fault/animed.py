#!/usr/bin/env python3
"""Runs animed from its start to its end while memory is short.

It prints everything and ends with 0, or trains a model and ends with 0, or becomes ready and answers.  Else it says
that memory is short, ends with another status and leaves the store as it was."""

import os

import fault
import harness


def printing(scratch):
    scratch.configure(data=fault.small_data(scratch), model="{plugin: svdpp, factors: 4}",
                      more="gate: {golden: [Trigun, Naruto]}\nretrain: {every: 1d}\n")
    runner = fault.Runner(scratch, fault.Faults(scratch))
    animed = [harness.ANIMED, "-c", scratch.path("animed.yaml")]
    runner.every([harness.ANIMED, "--help"])
    runner.every([*animed, "tune", "--help"])
    # each n starts a program, so only some are tried here; check_fault_conf and check_fault_print try all
    runner.every([*animed, "--check-config"], step=7, dense=20)
    runner.every([*animed, "--show-config"], step=7, dense=20)
    # the last allocations, which are all tried, are those of printing the figures
    runner.every([*animed, "evaluate", "--json"], rows=(1,), after=lambda *_: None, step=61, dense=230)
    pairs = scratch.write("pairs.csv", "".join(f"{a},{b},{a}\n" for a in ids(scratch) for b in ids(scratch)))
    runner.every([*animed, "evaluate", "--pairs", pairs, "--json"], rows=(1,), after=lambda *_: None, step=61, dense=120)
    runner.end()


def ids(scratch):
    """The ids of the first shows of the catalogue."""
    with open(scratch.path("data/animes.csv"), encoding="utf-8") as file:
        return [line.split(",")[0] for line in file.readlines()[1:7]]


def store(scratch):
    """The names in the store."""
    return sorted(os.listdir(scratch.models)) if os.path.isdir(scratch.models) else []


class Starter:
    """Starts daemons one after the other, and makes allocations of each fail."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.faults = fault.Faults(scratch)
        self.problems = fault.Problems()
        self.daemon = fault.Served(scratch, self.faults)
        self.allocations = self.faults.accounts[0].seen
        self.right = self.answer()
        self.daemon.stop()

    def answer(self):
        with fault.Client(self.scratch.socket) as client:
            return client.call("similar", ["Trigun"])

    def start(self, what, n, row):
        said = len(self.daemon.said())
        ready = self.daemon.spawn()
        self.faults.disarm()
        why = self.daemon.said()[said:]
        if ready:
            try:
                if self.answer() != self.right:
                    self.problems.add(self.faults, what, n, row, "another answer")
            except (OSError, fault.Lost) as error:
                self.problems.add(self.faults, what, n, row, f"ready, but {error}")
            status = self.daemon.stop()
            if status != 0:
                self.problems.add(self.faults, what, n, row, f"ready, and ends with {status}")
        elif self.daemon.process.returncode not in (1, 2) or "memory" not in why.lower():
            self.problems.add(self.faults, what, n, row, f"exit {self.daemon.process.returncode}: {why}")
        self.faults.accounts[0].pid = 0

    def every(self, what, step, dense, rows=(1, 3)):
        """Start a daemon for every `step`-th allocation, which fails then, and for each of the last `dense`."""
        for row in rows:
            self.faults.forget()
            for n in self.faults.each(row, sparse=range(1, self.allocations - dense, step)):
                self.start(what, n, row)
            print(f"   {what}: {n - 1} allocations, {row} in a row", flush=True)


def starting(scratch):
    """A daemon becomes ready, answers and ends well, or it says that memory is short."""
    scratch.configure(data=fault.small_data(scratch), model="{plugin: bias, epochs: 1, factors: 4}",
                      more="queries: {min_ratings: 1}\n")
    scratch.animed("train")
    starter = Starter(scratch)
    # check_fault_conf tries every allocation of the configuration, which are the first third, and check_fault_model
    # those of the model; the last ones are those of the loop
    starter.every("animed", 11, 60)
    starter.daemon.close()
    starter.problems.end()


def tensors(path):
    """The bytes of a model file after the header, which has times in it."""
    with open(path, "rb") as file:
        data = file.read()
    return data[8 + int.from_bytes(data[:8], "little"):]


def training(scratch):
    """A training writes the model that these ratings give, or none."""
    scratch.configure(data=fault.small_data(scratch), model="{plugin: bias, epochs: 2, factors: 4}",
                      more="store: {keep: 1}\n")
    scratch.animed("train")
    right = tensors(os.path.join(scratch.models, "current"))
    runner = fault.Runner(scratch, fault.Faults(scratch))
    command = [harness.ANIMED, "-c", scratch.path("animed.yaml"), "train"]
    before = []

    def look(_):
        before[:] = sorted(os.listdir(scratch.models))

    def check(what, n, row, done):
        """Check what a run has left in the store."""
        after = sorted(os.listdir(scratch.models))
        if done.returncode != 0 and after != before:
            runner.wrong(what, n, row, f"failed, and the store has {after}")
        elif done.returncode == 0 and (after == before or tensors(os.path.join(scratch.models, "current")) != right):
            runner.wrong(what, n, row, f"ended well, and the store has {after}, another model")

    # check_fault_conf, check_fault_dataset and check_train_memory try every allocation of the configuration, the
    # dataset and the factors; here every eleventh is tried, and each one of the model file, which are the last
    runner.every(command, before=look, after=check, step=11, dense=30)
    runner.end()


def reporting(scratch):
    """A report of a training is whole, or there is none."""
    scratch.configure(data=fault.small_data(scratch), model="{plugin: plain, epochs: 1, factors: 2}",
                      more="store: {keep: 1}\n")
    report = scratch.path("report.html")
    command = [harness.ANIMED, "-c", scratch.path("animed.yaml"), "train", "--report", report]
    runner = fault.Runner(scratch, fault.Faults(scratch))

    def read():
        if not os.path.exists(report):
            return None
        with open(report, "rb") as file:
            return fault.without_numbers(file.read())

    scratch.run(*command)
    right = read()

    def check(what, n, row, done):
        """Check what a run has left of a report."""
        written = read()
        if written != right and (written or done.returncode == 0):
            runner.wrong(what, n, row, f"exit {done.returncode}, another report: {done.stderr}")

    # the report comes last
    runner.every(command, rows=(1,), before=lambda _: os.path.exists(report) and os.remove(report), after=check,
                 step=1 << 20, dense=120)
    runner.end()


if __name__ == "__main__":
    fault.main([printing, starting, training, reporting])

#!/usr/bin/env python3
"""What changes the served model, while memory is short: it is changed or it is not, and the answer, the status, the store
and the events agree.  An event is told whole or not at all.  A training that fails leaves the daemon as it was."""

import os
import select

import fault
import harness
import wire
from methods import Asker, excuse

# Values that differ from run to run.
CHANGING = ("time", "seconds", "pid", "created")

CONFIGURATION = "  similarity: {plugin: cosine, neighbours: 0}\nstore: {watch: false, keep: 3}\nqueries: {min_ratings: 1}\n"
LISTS = CONFIGURATION.replace("neighbours: 0", "neighbours: 5")


def steady(value):
    """A copy without the values that differ from run to run."""
    if isinstance(value, dict):
        return {key: steady(item) for key, item in value.items() if key not in CHANGING}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return value


def why(message):
    """Why a model was refused, or would be."""
    return message[2][1] if message[2] else message[3].get("refused") or ""


class Subscriber:
    """A client that is told of all events, and subscribes anew after it lost its connection."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.client = None
        self.subscribe()

    def subscribe(self):
        self.client = fault.Client(self.scratch.socket)
        self.client.call("subscribe", [])

    def events(self):
        """Returns the events since the last call, None where the connection was lost and some may be missing.  They come
        before the answer to a request that is made now."""
        events = []
        try:
            self.client.send([0, 1, "hello", []])
            while (message := wire.unpack(self.client.take())[0])[0] != 1:
                assert message[:2] == [2, "event"] and len(message) == 3 and len(message[2]) == 1, message
                events.append(message[2][0])
        except (fault.Lost, BrokenPipeError, ConnectionResetError):
            self.close()
            self.subscribe()
            return None
        return events

    def close(self):
        self.client.stream.close()


class Controller(Asker):
    """Changes what is served and sees what comes of it."""

    def __init__(self, scratch, faults, daemon):
        super().__init__(scratch, faults, daemon, fault.Problems())
        self.subscriber = Subscriber(scratch)

    def end(self):
        self.close()
        self.subscriber.close()
        self.problems.end()

    def result(self, method, params):
        """Returns the result of a call that has to succeed.  The connection before it may be lost."""
        for last in (False, True):
            try:
                message = wire.unpack(self.ask(method, params))[0]
                assert message[2] is None, message
                return message[3]
            except fault.Lost:
                assert not last, "the daemon hangs up"

    def status(self):
        return self.result("status", [])

    def served(self):
        return self.status()["model"]["version"]

    def similar(self):
        return self.result("similar", ["Trigun"])

    def current(self):
        return os.readlink(os.path.join(self.scratch.models, "current"))

    def faulted(self, method, params):
        """A call with what is armed.  Returns the answer as bytes, None where the connection was lost."""
        try:
            return self.ask(method, params)
        except fault.Lost:
            return None


class Switch(Controller):
    """Has the daemon change from model 1 to model 2, and back."""

    def __init__(self, scratch, faults, daemon):
        super().__init__(scratch, faults, daemon)
        self.answers, self.told = {}, {}
        for version in (1, 2, 1):
            self.result("rollback", [version])
            self.answers[version] = self.similar()
            self.told[version] = steady(self.subscriber.events())

    def point_current(self, version):
        """Another program makes a version current."""
        link = os.path.join(self.scratch.models, "new")
        os.symlink(f"{version}.safetensors", link)
        os.rename(link, os.path.join(self.scratch.models, "current"))

    def back(self, thorough):
        """Back to model 1 with none pinned.  `thorough`: by way of model 2.  The events of that are whole."""
        self.result("unpin", [])
        expected = []
        for version in (2, 1) if thorough or self.served() == 2 else ():
            if self.served() != version:
                self.result("rollback", [version])
                expected += self.told[version]
        events = self.subscriber.events()
        assert events is not None and steady(events) == expected, events
        self.point_current(1)

    def attempt(self, say, method, params, right, told, moved):
        answer = self.faulted(method, params)
        self.faults.disarm()
        message = wire.unpack(answer)[0] if answer else None
        if message and steady(message) != right and not excuse(answer) and "memory" not in why(message):
            say(f"answered {message}")
        served = self.served()
        if message and message[2] is None and message[3]["model"] != served:
            say(f"answered {message}, serves {served}")
        if message and message[2] is not None and served != 1:
            say(f"failed, and serves {served}")
        if self.current() != f"{2 if moved else served}.safetensors":
            say(f"serves {served}, current is {self.current()}")
        if self.similar() != self.answers[served]:
            say(f"model {served} answers {self.similar()}")
        for event in steady(self.subscriber.events() or []):
            if event not in told and not (event["event"] == "reload-refused" and "memory" in event["reason"]):
                say(f"told {event}")

    def every(self, method, params, rows=(1, 3), moved=False, **spread):
        """`moved`: another program has made model 2 current before."""
        what = f"{method}{params}"
        if moved:
            self.point_current(2)
        right = steady(wire.unpack(self.ask(method, params))[0])
        told = steady(self.subscriber.events())
        self.back(True)
        for row in rows:
            for n in self.faults.each(row, **spread):
                def say(why):
                    self.problems.add(self.faults, what, n, row, why)
                if moved:
                    self.faults.disarm()
                    self.point_current(2)
                    self.faults.arm(n, row)
                self.attempt(say, method, params, right, told, moved)
                self.back(n % 20 == 1)
            print(f"   {what}: {n - 1} allocations, {row} in a row")


def train_twice(scratch, more):
    """Two models that differ."""
    fault.small_data(scratch)
    for factors in (4, 3):
        scratch.configure(data=scratch.path("data"), model=f"{{plugin: bias, epochs: 1, factors: {factors}}}", more=more)
        scratch.animed("train")


def swaps(scratch):
    faults = fault.Faults(scratch)
    train_twice(scratch, CONFIGURATION)
    with fault.Served(scratch, faults) as daemon:
        switch = Switch(scratch, faults, daemon)
        # in between jansson reads the header of the model file, as check_fault_base and check_fault_model do for every n
        switch.every("rollback", [2], rows=(1,), sparse=range(40, 560, 7))
        # what follows does the same but for a little
        several = range(20, 700, 19)
        switch.every("rollback", [2], rows=(3,), sparse=several)
        switch.every("pin", [2], sparse=several)
        switch.every("reload", [], moved=True, sparse=several)
        switch.every("reload", [{"dry_run": True}], moved=True, sparse=several)
        switch.every("rollback", [7])
        switch.every("unpin", [])
        switch.end()


def swaps_with_lists(scratch):
    """A reload computes lists of neighbours too; without them the answers are the same."""
    faults = fault.Faults(scratch)
    train_twice(scratch, LISTS)
    with fault.Served(scratch, faults) as daemon:
        switch = Switch(scratch, faults, daemon)
        switch.every("rollback", [2], sparse=range(20, 600, 19))
        switch.end()


class Trainer(Controller):
    """Has the daemon train models, each from the same ratings."""

    def __init__(self, scratch, faults, daemon):
        super().__init__(scratch, faults, daemon)
        self.right = self.answer()

    def answer(self):
        return {**self.similar(), "model": None}

    def wait(self):
        """Wait until no training runs.  Returns the status."""
        while True:
            try:
                message = wire.unpack(self.ask("status", []))[0]
            except fault.Lost:
                continue
            if message[2] is not None:
                continue
            running = message[3]["retrain"]["running"]
            if running is None:
                return message[3]
            try:
                pid = os.pidfd_open(running["pid"])
            except ProcessLookupError:  # what is left is the gate
                continue
            select.select([pid], [], [], harness.TIMEOUT)
            os.close(pid)

    def attempt(self, say, before):
        answer = self.faulted("retrain", [])
        self.wait()
        for process in (0, 1):
            self.faults.disarm(process)
        message = wire.unpack(answer)[0] if answer else None
        if message and message[2] is not None and not excuse(answer):
            say(f"answered {message}")
        status = self.wait()
        last, served = status["retrain"]["last"], status["model"]["version"]
        new = last and last["time"] and served != before
        if new and not last["ok"]:
            say(f"serves {served}, last is {last}")
        if last and not last["ok"] and "memory" not in last["error"]:
            say(f"last is {last}")
        if self.answer() != self.right:
            say(f"model {served} answers {self.similar()}")
        for event in self.subscriber.events() or []:
            failed = event["event"] in ("retrain-failed", "reload-refused")
            if failed and "memory" not in event["reason"]:
                say(f"told {event}")
        return served

    def every(self, what, process, rows=(1, 3), **spread):
        served = self.served()
        for row in rows:
            self.faults.forget(1)
            for n in self.faults.each(row, process, **spread):
                def say(why):
                    self.problems.add(self.faults, what, n, row, why, process)
                served = self.attempt(say, served)
                self.faults.accounts[1].pid = 0
            print(f"   {what}: {n - 1} allocations, {row} in a row", flush=True)


def trainings(scratch):
    faults = fault.Faults(scratch)
    scratch.configure(data=fault.small_data(scratch), model="{plugin: bias, epochs: 2, factors: 4}", more=CONFIGURATION)
    scratch.animed("train")
    with fault.Served(scratch, faults) as daemon:
        trainer = Trainer(scratch, faults, daemon)
        # what comes after the first answer and the first events is opening the model, as for a rollback
        trainer.every("retrain, in the daemon", 0, sparse=range(50, 1 << 30, 17))
        # animed.py trains in the foreground with more of them
        trainer.every("retrain, in its process", 1, sparse=range(1, 1 << 30, 29))
        before = trainer.served()
        trainer.result("retrain", [])
        assert trainer.wait()["model"]["version"] > before
        trainer.end()


if __name__ == "__main__":
    fault.main([swaps, swaps_with_lists, trainings])

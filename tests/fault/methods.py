#!/usr/bin/env python3
"""Calls every method of the protocol while memory is short.

Whichever allocation of the daemon fails, the answer is the right one or the error `internal`, or the connection is
lost.  The next request is answered as usual."""

import fault
import harness
import wire

NO_LISTS = "{plugin: cosine, neighbours: 0}"

# The errors that a request may get where memory is short.
EXCUSES = ("internal: ", "busy: ")

# Requests that change nothing, so that their answers are the same every time.
READING = [
    ("hello", []),
    ("hello", [{"client": "test", "version": "1", "protocol": 1}]),
    ("hello", [{"protocol": 2}]),
    ("no-such-method", [1, "two", [3.5, {"four": None}]]),
    ("similar", ["Cowboy Bebop"]),
    ("similar", [1, {"limit": 2}]),
    ("similar", ["Cowboi Bebop"]),
    ("similar", ["no such show at all"]),
    ("similar", [["Cowboy Bebop", "Trigun", ["Naruto", -0.5]], {"limit": 3}]),
    ("similar", ["Trigun", {"genre": ["Action"], "year": "..2010", "explain": True, "popularity": 0.5, "limit": 4}]),
    ("similar", ["Trigun", {"genre": "Actoin"}]),
    ("similar", ["Trigun", {"type": ["TV", "Movie"], "not_genre": ["Sports"], "exclude": [1, "Naruto"]}]),
    ("similar", ["Trigun", {"year": 1901, "genre": "Action"}]),
    ("similar", ["Trigun", {"sequels": "only", "cult": True}]),
    ("recommend", ["demo_user_001"]),
    ("recommend", ["nobody"]),
    ("recommend", [[["Cowboy Bebop", 10], [6, 8.5], ["Narutoo", 3]], {"limit": 3, "sequels": "show", "shrink": 5}]),
    ("recommend", [[{"id": 1, "score": 9}, {"title": "Trigun", "year": 1998}, {"id": 5, "status": "planned"},
                    {"title": "nothing of this name", "status": "dropped"}, {"ids": {"mal": "20"}, "status": "unwanted"}],
                   {"limit": 3, "only": [6, {"title": "Naruto"}, 5, 47], "scale": [1, 10]}]),
    ("recommend", [[[1, 10]], {"limit": 2, "with": [{"id": 20, "score": 4}], "with_scale": [1, 5], "diverse": 0.5}]),
    ("recommend", [[], {"random": 3}]),
    ("next", [[{"id": 1, "score": 9}, {"id": 20}], {"limit": 2}]),
    ("taste", [[{"id": 1, "score": 9}, [20, 3], {"title": "nothing of this name"}]]),
    ("compare", [[[1, 10], [6, 4], [20, 7]], [{"id": 1, "score": 8}, {"id": 6, "score": 9}, {"id": 20}], {"limit": 2}]),
    ("cult", []),
    ("cult", [{"limit": 2, "type": "TV", "members": "1.."}]),
    ("search", ["bebop"]),
    ("search", ["cowbooy bebopp", {"limit": 3, "genre": "Action"}]),
    ("search", ["zzzzqqqq"]),
    ("show", ["Trigun"]),
    ("show", [1]),
    ("show", [123456]),
    ("predict", ["demo_user_001", "Trigun"]),
    ("predict", ["nobody", "Trigun"]),
    ("models", []),
    ("cancel", []),
    ("unpin", []),
    ("subscribe", [["model-changed"]]),
    ("unsubscribe", []),
    ("subscribe", [["no-such-event"]]),
]


def excuse(answer):
    """Whether an answer is the error of a daemon that is short of memory."""
    error = wire.unpack(answer)[0][2]
    return error is not None and error[0] == 0 and error[1].startswith(EXCUSES)


def partly_read(answer, right):
    """Whether this is an answer of `models` that says of some versions that there was no memory to read them."""
    got, expected = wire.unpack(answer)[0][3], wire.unpack(right)[0][3]
    if not got or "versions" not in got or len(got["versions"]) != len(expected["versions"]):
        return False
    told = [version for version in got["versions"] if version["error"] and "memory" in version["error"]]
    rest = [version for version in got["versions"] if version not in told]
    return told and all(version in expected["versions"] for version in rest)


class Asker:
    """Asks one daemon, over the same connection while it lasts."""

    def __init__(self, scratch, faults, daemon, problems):
        self.scratch, self.faults, self.daemon, self.problems = scratch, faults, daemon, problems
        self.client = None
        self.tried = 0

    def close(self):
        if self.client:
            self.client.stream.close()
        self.client = None

    def ask(self, method, params, fresh=False):
        """Call a method over the open connection, or over a fresh one.  Returns the bytes of the answer, or raises
        Lost."""
        if fresh:
            self.close()
        if not self.client:
            self.client = fault.Client(self.scratch.socket)
        try:
            return self.client.call(method, params)
        except fault.Lost:
            self.close()
            raise

    def live(self):
        """How many blocks the daemon has while one new connection is open and there is nothing to do."""
        self.close()
        while wire.unpack(self.ask("status", []))[0][3]["clients"] > 1:
            pass
        return self.faults.live()

    def again(self, what, n, row, method, params, right):
        """Repeat the request without a failure, over the same connection if it is open, else over a new one."""
        for last in (False, True):
            try:
                answer = self.ask(method, params)
                if answer != right:
                    self.problems.add(self.faults, what, n, row, f"the next is answered {wire.unpack(answer)[0]}")
                    self.close()
                return
            except fault.Lost:
                if last:
                    self.problems.add(self.faults, what, n, row, "the next is not answered")

    def one(self, what, n, row, method, params, right, fresh):
        """Make a request during which allocations fail, and then the same one without failures."""
        self.tried += 1
        try:
            try:
                answer = self.ask(method, params, fresh)
                self.faults.disarm()
                if answer != right and not excuse(answer) and not partly_read(answer, right):
                    self.problems.add(self.faults, what, n, row, f"answered {wire.unpack(answer)[0]}")
                    self.close()
            except fault.Lost:
                self.faults.disarm()
            self.again(what, n, row, method, params, right)
        except (ConnectionRefusedError, FileNotFoundError):
            self.problems.add(self.faults, what, n, row, f"the daemon is gone: {self.daemon.process.wait()}")
            self.close()
            self.daemon.start()
        except Exception as error:  # the answer is no MessagePack, or does not come in time
            self.faults.disarm()
            self.problems.add(self.faults, what, n, row, f"{type(error).__name__}: {error}")
            self.close()
            if isinstance(error, TimeoutError):
                self.daemon.stop()
                self.daemon.start()

    def every(self, method, params, rows=(1, 3, 50)):
        """Make a request for every n, first over one connection, then over a new one each time."""
        what = f"{method}{params}"
        right = self.ask(method, params)
        before = self.live()
        self.close()
        most = 0
        for row in rows:
            for fresh in (False, True):
                for n in self.faults.each(row):
                    self.one(what, n, row, method, params, right, fresh)
                    most = max(most, n)
        for _ in range(1000):
            after = self.live()
            if after <= before:
                break
        else:
            self.problems.add(self.faults, what, 0, 0, f"{after - before} blocks more than before")
        self.close()
        print(f"   {what}: {most - 1} allocations")


def ask_all(scratch, similarity, more=""):
    faults = fault.Faults(scratch)
    problems = fault.Problems()
    source = fault.small_data(scratch)
    scratch.configure(data=source, model="{plugin: bias, epochs: 1, factors: 4}",
                      more=f"  similarity: {similarity}\nstore: {{watch: false}}\n{more}")
    scratch.animed("train")
    with fault.Served(scratch, faults) as daemon:
        asker = Asker(scratch, faults, daemon, problems)
        for method, params in READING:
            asker.every(method, params)
        asker.close()
    print(f"   {asker.tried} requests")
    problems.end()


def on_the_loop(scratch):
    ask_all(scratch, NO_LISTS, "queries: {inline_us: 1000000, min_ratings: 1}\n")


def in_the_pool(scratch):
    ask_all(scratch, NO_LISTS, "queries: {inline_us: 0, min_ratings: 1}\n")


if __name__ == "__main__":
    fault.main([on_the_loop, in_the_pool])

"""Makes allocations fail in programs that a test starts, as fault.h does within a test in C."""

import ctypes
import mmap
import os
import re
import select
import signal
import socket
import subprocess
import sys

sys.path.insert(1, os.path.join(os.environ["SRCDIR"], "tests", "integration"))
import harness  # noqa: E402
import wire  # noqa: E402

PRELOAD = os.path.join(harness.BUILDDIR, "tests", "fault", "preload.so")


def main(tests):
    """Run the tests as harness.main() does; skip them with a sanitizer, which has an allocator of its own."""
    if harness.SANITIZE != "no":
        harness.skip("a sanitizer has an allocator of its own, so that none of tests/fault is made")
    harness.main(tests)


class Account(ctypes.Structure):
    """The counters and the orders of one process, laid out as in fault.c."""

    _fields_ = [("seen", ctypes.c_uint64), ("first", ctypes.c_uint64), ("row", ctypes.c_uint64),
                ("failed", ctypes.c_uint64), ("live", ctypes.c_int64), ("pid", ctypes.c_uint64),
                ("places", ctypes.c_char * 256 * 24)]


PROCESSES = 4


def small_data(scratch):
    """Write 24 shows of the demo data, and what its first 40 users rated of them.  Returns the directory."""
    demo = os.path.join(harness.SRCDIR, "etc", "demo")
    with open(os.path.join(demo, "animes.csv"), encoding="utf-8") as file:
        items = file.read().splitlines(True)[:25]
    with open(os.path.join(demo, "reviews.csv"), encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines(True) if not line.startswith("#")]
    ids = {line.split(",")[0] for line in items[1:]}
    ratings = [line for line in lines[1:] if line.split(",")[2] in ids and line.split(",")[1] <= "demo_user_040"]
    os.mkdir(scratch.path("data"))
    scratch.write("data/animes.csv", "".join(items))
    scratch.write("data/reviews.csv", "".join(lines[:1] + ratings))
    return scratch.path("data")


class Faults:
    """The accounts of the processes that are started with `env`: number 0 is the first process, and so on."""

    def __init__(self, scratch):
        # the loader passes over an object that is not there, and then no allocation would fail
        assert os.path.exists(PRELOAD), f"{PRELOAD} is not built"
        path = scratch.path("faults")
        with open(path, "wb+") as file:
            file.truncate(PROCESSES * ctypes.sizeof(Account))
            self.map = mmap.mmap(file.fileno(), 0)
        self.accounts = (Account * PROCESSES).from_buffer(self.map)
        self.env = dict(scratch.env, LD_PRELOAD=PRELOAD, FAULT_FILE=path)

    def arm(self, n, row=1, process=0):
        """Make `row` allocations in a row fail, beginning with the n-th from now; n = 1 is the next one."""
        account = self.accounts[process]
        account.first = 0
        account.seen = account.failed = 0
        ctypes.memset(account.places, 0, ctypes.sizeof(account.places))
        account.row = row
        account.first = n

    def disarm(self, process=0):
        """Make no further allocation fail.  Returns how many there were since arm()."""
        self.accounts[process].first = 0
        return self.accounts[process].seen

    def struck(self, process=0):
        return self.accounts[process].failed > 0

    def live(self, process=0):
        return self.accounts[process].live

    def forget(self, first=0):
        """Clear the accounts from `first` on, so that the processes that start next take them."""
        for account in self.accounts[first:]:
            ctypes.memset(ctypes.byref(account), 0, ctypes.sizeof(account))

    def each(self, row=1, process=0, sparse=range(0)):
        """Arm and yield n = 1, 2, ...  The caller makes one run for each n.  Ends after a run that met no failure.
        Where n is within the range `sparse`, only the members of the range are tried."""
        n = 1
        while True:
            self.arm(n, row, process)
            yield n
            self.disarm(process)
            if not self.struck(process):
                return
            n += 1
            while sparse.start <= n < sparse.stop and n not in sparse:
                n += 1

    def place(self, process=0):
        """The calls that led to the first failure, one on each line, with their place in the source where addr2line
        knows it."""
        lines = []
        for place in self.accounts[process].places:
            text = place.value.decode()
            file, _, offset = text.rpartition("+")
            if not file:
                continue
            try:
                done = subprocess.run(["addr2line", "-f", "-s", "-e", file, offset], capture_output=True, text=True,
                                      check=False)
                function, source = done.stdout.split("\n")[:2]
                text = f"{os.path.basename(file)}: {function} {source}"
            except (OSError, ValueError):
                pass
            lines.append("    " + text)
        return "\n".join(lines)


MOST_PLACES = 20  # more are not printed, since addr2line is slow


class Problems:
    """Collects what went wrong and fails at the end, so that one run shows all of it."""

    def __init__(self):
        self.told = []

    def add(self, faults, what, n, row, why, process=0):
        self.told.append(f"{what}: allocation {n}, {row} in a row: {why}")
        print(self.told[-1], flush=True)
        if len(self.told) <= MOST_PLACES:
            print(faults.place(process), flush=True)

    def end(self):
        assert not self.told, f"{len(self.told)} times"


def without_numbers(text):
    """What was printed, with every number as 0, since numbers such as times differ in every run."""
    return re.sub(rb"-?\d[\d.]*(e[-+]?\d+)?", b"0", text)


class Runner:
    """Runs commands again and again, and makes another one of their allocations fail each time."""

    def __init__(self, scratch, faults):
        self.scratch, self.faults = scratch, faults
        self.problems = Problems()

    def run(self, command, env):
        return subprocess.run(command, env=env, cwd=self.scratch.home, capture_output=True, timeout=harness.TIMEOUT,
                              check=False)

    def every(self, command, rows=(1, 3), before=None, after=None, step=1, dense=100):
        """Run a command without a failure, to know what is right, and then with every `step`-th n and with each of the
        last `dense`.  before(scratch) is called before each run.  With `after`, a run that succeeds may print other
        errors, and after(what, n, row, done) checks the run."""
        what = f"{os.path.basename(command[0])} {' '.join(command[1:])}".replace(self.scratch.home, "")
        if before:
            before(self.scratch)
        self.faults.forget()
        right = self.run(command, self.faults.env)
        sparse = range(1, self.faults.accounts[0].seen - dense, step)
        for row in rows:
            self.faults.forget()
            for n in self.faults.each(row, sparse=sparse):
                if before:
                    before(self.scratch)
                done = self.run(command, self.faults.env)
                self.judge(what, n, row, done, right, after is None)
                if after:
                    after(what, n, row, done)
                self.faults.accounts[0].pid = 0  # the next process takes the account
            print(f"   {what}: {n - 1} allocations, {row} in a row")

    def judge(self, what, n, row, done, right, same_errors):
        if done.returncode == right.returncode:
            if without_numbers(done.stdout) != without_numbers(right.stdout):
                self.wrong(what, n, row, f"exit {done.returncode}, but {done.stdout}")
            if same_errors and without_numbers(done.stderr) != without_numbers(right.stderr):
                self.wrong(what, n, row, f"exit {done.returncode}, but {done.stderr}")
        elif done.returncode not in range(1, 6):
            self.wrong(what, n, row, f"exit {done.returncode}, {done.stderr}")
        elif b"memory" not in done.stderr.lower() and b"internal: " not in done.stderr:
            self.wrong(what, n, row, f"exit {done.returncode}, but only {done.stderr}")

    def wrong(self, what, n, row, why):
        self.problems.add(self.faults, what, n, row, why)

    def end(self):
        self.problems.end()


class Served:
    """A daemon whose allocations may fail, with its log in a file."""

    def __init__(self, scratch, faults):
        self.scratch, self.faults = scratch, faults
        self.log = open(scratch.path("log"), "ab")
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(scratch.path("notify"))
        self.process = None
        self.start()

    def start(self):
        """Start the daemon, which has to become ready."""
        self.faults.forget()
        assert self.spawn(), self.said()

    def spawn(self):
        """Start the daemon with the accounts as they are armed.  Returns True when it is ready, False when it ended."""
        env = dict(self.faults.env, NOTIFY_SOCKET=self.scratch.path("notify"))
        self.process = subprocess.Popen([harness.ANIMED, "-c", self.scratch.path("animed.yaml")], env=env,
                                        cwd=self.scratch.home, stderr=self.log)
        pid = os.pidfd_open(self.process.pid)
        try:
            ready, _, _ = select.select([self.notices, pid], [], [], harness.TIMEOUT)
            assert ready, "neither ready nor ended"
            if self.notices in ready:
                assert self.notices.recv(64) == b"READY=1"
                return True
            self.process.wait()
            return False
        finally:
            os.close(pid)

    def dead(self):
        """Whether the daemon has ended by itself."""
        return self.process.poll() is not None

    def said(self):
        with open(self.scratch.path("log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def stop(self):
        """End the daemon with SIGTERM.  Returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(harness.TIMEOUT)
        self.notices.setblocking(False)
        try:
            while True:
                self.notices.recv(64)
        except BlockingIOError:
            self.notices.setblocking(True)
        return status

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        if not self.dead():
            status = self.stop()
            assert kind or status == 0, f"exit {status}\n{self.said()}"
        self.close()

    def close(self):
        self.notices.close()
        self.log.close()


class Lost(Exception):
    """The daemon has closed the connection."""


class Client(wire.Connection):
    """A connection that gives messages as bytes, and raises Lost where the daemon closed it."""

    def __init__(self, path):
        super().__init__(path)
        self.stream.settimeout(30)  # seconds; far beyond what any answer takes on a busy machine

    def take(self):
        """Receive the next message.  Returns its bytes."""
        while True:
            try:
                _, end = wire.unpack(self.data)
            except IndexError:
                try:
                    more = self.stream.recv(1 << 20)
                except ConnectionResetError:
                    more = b""
                if not more:
                    assert not self.data, f"half a message before the end: {self.data[:60]}"
                    raise Lost from None
                self.data += more
                continue
            message, self.data = self.data[:end], self.data[end:]
            return message

    def call(self, method, params):
        """Call a method.  Returns the bytes of the answer."""
        try:
            self.send([0, 7, method, params])
        except (BrokenPipeError, ConnectionResetError):
            raise Lost from None
        return self.take()

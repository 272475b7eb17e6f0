"""What the integration tests share: they run the real programs in a temporary directory, and every wait has a limit."""

import contextlib
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import traceback

SRCDIR = os.environ["SRCDIR"]
BUILDDIR = os.environ["BUILDDIR"]
SANITIZE = os.environ.get("SANITIZE", "no")
MAL = os.path.join(SRCDIR, "..", "shared", "data", "mal")
ANIMED = os.path.join(BUILDDIR, "animed")
ANIMECTL = os.path.join(BUILDDIR, "animectl")
PLUGINS = os.path.join(BUILDDIR, "plugins")
PROGRAM = os.path.basename(sys.argv[0])
# seconds for one wait, far beyond what anything here takes; a whole test has three times as many
TIMEOUT = int(os.environ.get("ANIMED_TEST_TIMEOUT", "300"))
# the variables that the programs keep of the environment; Scratch sets all others
KEPT = ("ASAN_OPTIONS", "LD_LIBRARY_PATH", "LSAN_OPTIONS", "PATH", "TSAN_OPTIONS", "TZ", "UBSAN_OPTIONS")


class Skipped(Exception):
    """The test cannot run here."""


class Late(Exception):
    """A wait took longer than its limit."""


running = None  # the name of the test


def skip(why):
    """Skip the running test and print why; where no test runs, skip the whole program."""
    if running:
        raise Skipped(why)
    print(f"skipped: {PROGRAM}: {why}")
    finish(0, 0, 1)


def finish(passed, failed, skipped):
    """Print how the checks ended, in the form that ./bootstrap adds up, and end the program."""
    print(f"checks: {passed} passed, {failed} failed, {skipped} skipped", flush=True)
    sys.exit(1 if failed else 77 if skipped and not passed else 0)


def need(command):
    """The path of a command.  Skips the test where the command is not installed."""
    return shutil.which(command) or skip(f"{command} is not installed")


def need_real_ratings():
    if not os.path.isdir(MAL):
        skip("there are no ratings at ../shared/data/mal")


def open_terminal():
    """Both ends of a pseudo-terminal."""
    try:
        return pty.openpty()
    except OSError as error:
        return skip(f"there is no pseudo-terminal: {error}")


@contextlib.contextmanager
def limit(what, seconds=None):
    """Raise Late where the body takes longer than `seconds`, or TIMEOUT.  The message says that it waited for `what`,
    which is a text or a function that returns one."""
    seconds = seconds or TIMEOUT

    def late(*_):
        raise Late(f"{seconds} seconds have passed, waiting for {what() if callable(what) else what}")

    handler = signal.signal(signal.SIGALRM, late)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (seconds - left), 0.001))


def until(condition, what):
    """Call condition() until it returns true."""
    with limit(what):
        while not condition():
            pass


def temporary_directory():
    """The directory for scratch directories.  Its path is short, since that of a socket has 108 bytes at most, and has
    nothing that make or a shell would take for something else."""
    tmp = os.environ.get("TMPDIR", "")
    return tmp if re.fullmatch(r"/[A-Za-z0-9/._+-]{0,39}", tmp) else "/tmp"


def remove(folder):
    """Remove a folder and what is in it, which a test may have made read-only."""
    for parent, names, _ in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, 0o700)
    shutil.rmtree(folder)


def main(tests):
    """Run the functions, each in a scratch directory of its own."""
    global running
    counts = {"ok": 0, "FAILED": 0, "skipped": 0}
    # open the standard streams that are closed, so that no file of a test gets their numbers
    while (fd := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(fd)
    os.umask(0o022)
    # end by an exception, so that processes are stopped and files removed then too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped by SIGTERM"))
    for test in tests:
        running = test.__name__
        scratch = Scratch(tempfile.mkdtemp(prefix="animed-", dir=temporary_directory()))
        outcome = "ok"
        try:
            with limit(f"the end of {running}", 3 * TIMEOUT):
                test(scratch)
                scratch.expect_no_process()
        except Skipped as why:
            outcome = "skipped"
            print(f"skipped: {PROGRAM}: {running}: {why}")
        except Exception:
            outcome = "FAILED"
            traceback.print_exc(file=sys.stdout)
        finally:
            scratch.close()
        counts[outcome] += 1
        if outcome != "skipped":
            print(f"{outcome}: {running}", flush=True)
    running = None
    finish(counts["ok"], counts["FAILED"], counts["skipped"])


class Scratch:
    """A directory with a configuration, in which `animed` and `animectl` run."""

    def __init__(self, home):
        self.home = home
        self.socket = self.path("run/animed.sock")
        self.models = self.path("models")
        self.env = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.env.update(HOME=home, ANIMED_SOCK=self.socket, ANIMED_PLUGINS=PLUGINS,
                        ANIMED_RELATIONS=os.path.join(SRCDIR, "etc", "relations.csv"),
                        ANIMED_SYSTEM_CONFIG=self.path("no-system.yaml"), XDG_CACHE_HOME=self.path("cache"),
                        XDG_CONFIG_HOME=self.path("config"), XDG_DATA_HOME=self.path("data-home"),
                        XDG_RUNTIME_DIR=self.path("run"), XDG_STATE_HOME=self.path("state"), TMPDIR=self.path("tmp"), LC_ALL="C.UTF-8")
        os.mkdir(self.path("tmp"))

    def processes(self):
        """The running programs that were started with this environment, as {pid: command line}."""
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/environ", "rb") as environ, open(f"/proc/{pid}/cmdline", "rb") as command:
                    if f"HOME={self.home}".encode() in environ.read().split(b"\0"):
                        found[int(pid)] = command.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                pass  # the process has ended, or belongs to another user
        return found

    def expect_no_process(self):
        """Wait until all processes have ended; Late says which ones did not."""
        with limit(lambda: f"the end of {self.processes()}"):
            while pids := list(self.processes()):
                with contextlib.suppress(ProcessLookupError):
                    watcher = os.pidfd_open(pids[0])
                    select.select([watcher], [], [])
                    os.close(watcher)

    def close(self):
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        remove(self.home)

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def configure(self, data=os.path.join(SRCDIR, "etc", "demo"), model="{plugin: bias}", plugins=PLUGINS, stages=(),
                  more=""):
        """Write animed.yaml.  `stages` are lines of further stages of the pipeline."""
        return self.write("animed.yaml", textwrap.dedent(f"""\
            socket: {self.socket}
            models: {self.models}
            plugins: {plugins}
            pipeline:
              source:
                plugin: csv
                ratings: {{path: {data}/reviews.csv}}
                items: {{path: {data}/animes.csv}}
              model: {model}
            """) + "".join(f"  {stage}\n" for stage in stages) + more)

    def run(self, *command, status=0):
        """Run a command to its end and check its exit status.  Returns its standard output and its standard error."""
        done = subprocess.run(command, env=self.env, cwd=self.home, capture_output=True, text=True, timeout=TIMEOUT)
        assert done.returncode == status, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout, done.stderr

    def animed(self, *args, status=0):
        return self.run(ANIMED, "-c", self.path("animed.yaml"), *args, status=status)

    def ctl(self, *args, status=0):
        return self.run(ANIMECTL, *args, status=status)

    def ask(self, *args):
        """Run animectl with --json.  Returns what it prints, decoded."""
        return json.loads(self.ctl("--json", *args)[0])

    def nvim(self, *vim):
        """Run Vim commands in Neovim, with `ch` connected to the daemon.  Returns what they printed."""
        connect = f"let ch = sockconnect('pipe', '{self.socket}', {{'rpc': v:true}})"
        command = [need("nvim"), "--headless", "--clean", "-n", "-c", connect]
        for line in vim:
            command += ["-c", line]
        _, err = self.run(*command, "-c", "qa!")
        return err

    def daemon(self, *args, wrap=()):
        """Start the daemon, through the command `wrap` where there is one."""
        return Daemon(self, args, wrap)

    def events(self, *names):
        """Start `animectl events`.  Everything that happens after this call is told."""
        return Events(self, names)


class Daemon:
    """A running animed.  The end of a `with` block stops it and checks that it ended cleanly."""

    def __init__(self, scratch, args, wrap):
        self.scratch = scratch
        command = [*wrap, ANIMED, "-c", scratch.path("animed.yaml"), *args]
        self.process = subprocess.Popen(command, env=scratch.env, cwd=scratch.home, stderr=subprocess.PIPE, text=True)
        self.log = ""
        self.wait_for("ready: ")

    def wait_for(self, text):
        """Read the log up to a line with `text`.  Returns the line."""
        with limit(lambda: f"the daemon to say {text!r}; it has said:\n{self.log}"):
            while True:
                line = self.process.stderr.readline()
                self.log += line
                assert line, f"the daemon ended before it said {text!r}:\n{self.log}"
                if text in line:
                    return line

    def stop(self, how=signal.SIGTERM):
        with limit(lambda: f"the daemon to end; it has said:\n{self.log}"):
            self.process.send_signal(how)
            self.log += self.process.communicate()[1]
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        status = self.stop()
        if kind is None:
            assert status == 0, f"exit {status}\n{self.log}"
            assert not os.path.exists(self.scratch.socket), "the socket is left behind"


class Events:
    """A running `animectl events --json`."""

    def __init__(self, scratch, names):
        before = scratch.ask("status")["subscribers"]
        self.process = subprocess.Popen([ANIMECTL, "--json", "events", *names], env=scratch.env,
                                        stdout=subprocess.PIPE, text=True)

        def subscribed():
            assert self.process.poll() is None, "animectl events ended"
            return scratch.ask("status")["subscribers"] > before

        until(subscribed, "animectl events to subscribe")

    def next(self, what="an event"):
        with limit(what):
            line = self.process.stdout.readline()
        assert line, f"the events ended before {what}"
        return json.loads(line)

    def wait_for(self, name):
        """Read to the next event of this name, and ignore the events before it.  Returns the event."""
        with limit(f"the event {name}"):
            while True:
                event = self.next(f"the event {name}")
                if event["event"] == name:
                    return event

    def stop(self, how=signal.SIGINT):
        """Interrupt the program.  Returns the events that it still printed."""
        self.process.send_signal(how)
        return self.end()

    def end(self):
        with limit("animectl events to end"):
            rest, _ = self.process.communicate()
        assert self.process.returncode == 0, self.process.returncode
        return [json.loads(line) for line in rest.splitlines()]

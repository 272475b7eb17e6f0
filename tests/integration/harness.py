"""What the integration tests share: the real programs, run in a temporary directory."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap

SRCDIR = os.environ["SRCDIR"]
BUILDDIR = os.environ["BUILDDIR"]
NVIM = os.environ.get("NVIM", "")
SANITIZE = os.environ.get("SANITIZE", "no")
MAL = os.path.join(SRCDIR, "..", "shared", "data", "mal")
ANIMED = os.path.join(BUILDDIR, "animed")
ANIMECTL = os.path.join(BUILDDIR, "animectl")
PLUGINS = os.path.join(BUILDDIR, "plugins", ".libs")
TIMEOUT = 300  # seconds; far beyond what anything here takes, so that a hang ends


def skip(why):
    """End the test as skipped, aloud."""
    print(f"skipped: {os.path.basename(sys.argv[0])}: {why}")
    sys.exit(77)


def main(tests):
    """Run the functions, each in a scratch directory of its own; the first failure ends the test."""
    for test in tests:
        home = tempfile.mkdtemp(prefix="animed-")
        try:
            test(Scratch(home))
            print(f"ok: {test.__name__}")
        finally:
            shutil.rmtree(home, ignore_errors=True)


class Scratch:
    """A directory with a configuration; `animed` and `animectl` run in it."""

    def __init__(self, home):
        self.home = home
        self.socket = self.path("run/animed.sock")
        self.models = self.path("models")
        self.env = dict(os.environ, HOME=home, ANIMED_SOCK=self.socket, ANIMED_PLUGINS=PLUGINS,
                        XDG_CONFIG_HOME=self.path("config"), XDG_CACHE_HOME=self.path("cache"),
                        XDG_STATE_HOME=self.path("state"),
                        XDG_RUNTIME_DIR=self.path("run"), LC_ALL="C.UTF-8")

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def configure(self, data=os.path.join(SRCDIR, "etc", "demo"), model="{plugin: bias}", plugins=PLUGINS, more=""):
        """Write animed.yaml."""
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
            """) + more)

    def run(self, *command, status=0):
        """Run a command to its end and check its exit status; returns what it printed and its errors."""
        done = subprocess.run(command, env=self.env, cwd=self.home, capture_output=True, text=True, timeout=TIMEOUT)
        assert done.returncode == status, f"{command}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout, done.stderr

    def animed(self, *args, status=0):
        return self.run(ANIMED, "-c", self.path("animed.yaml"), *args, status=status)

    def ctl(self, *args, status=0):
        return self.run(ANIMECTL, *args, status=status)

    def ask(self, *args):
        """The JSON that animectl prints."""
        return json.loads(self.ctl("--json", *args)[0])

    def nvim(self, *vim):
        """Run Vim commands in Neovim with `ch` connected to the daemon; returns what they printed."""
        if not NVIM:
            skip("Neovim is not installed")
        connect = f"let ch = sockconnect('pipe', '{self.socket}', {{'rpc': v:true}})"
        command = [NVIM, "--headless", "--clean", "-n", "-c", connect]
        for line in vim:
            command += ["-c", line]
        _, err = self.run(*command, "-c", "qa!")
        return err

    def daemon(self, *args, wrap=()):
        """Start the daemon, through the command `wrap` where there is one."""
        return Daemon(self, args, wrap)

    def events(self, *names):
        """Subscribe with animectl; what happens from here on is told."""
        return Events(self, names)


class Daemon:
    """A running animed; leaving the `with` stops it and checks that it ended cleanly."""

    def __init__(self, scratch, args, wrap):
        self.scratch = scratch
        command = [*wrap, ANIMED, "-c", scratch.path("animed.yaml"), *args]
        self.process = subprocess.Popen(command, env=scratch.env, cwd=scratch.home, stderr=subprocess.PIPE, text=True)
        self.log = ""
        self.wait_for("ready: ")

    def wait_for(self, text):
        """Read the log up to a line with `text`."""
        while True:
            line = self.process.stderr.readline()
            self.log += line
            assert line, f"the daemon ended before it said {text!r}:\n{self.log}"
            if text in line:
                return line

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.log += self.process.communicate(timeout=TIMEOUT)[1]
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
        while scratch.ask("status")["subscribers"] == before:
            assert self.process.poll() is None, "animectl events ended"

    def next(self):
        line = self.process.stdout.readline()
        assert line, "the events ended"
        return json.loads(line)

    def wait_for(self, name):
        """Read on to the next event of this name; those before it are passed over."""
        while True:
            event = self.next()
            if event["event"] == name:
                return event

    def stop(self, how=signal.SIGINT):
        """Interrupt it; the rest of its lines."""
        self.process.send_signal(how)
        return self.end()

    def end(self):
        rest, _ = self.process.communicate(timeout=TIMEOUT)
        assert self.process.returncode == 0, self.process.returncode
        return [json.loads(line) for line in rest.splitlines()]

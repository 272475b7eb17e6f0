#!/usr/bin/env python3
"""Tests the harness: every wait ends after a while, and the message then says what did not come."""

import os
import re

import harness

# Programs in place of animed and animectl, and tests that wait for something that these programs never do.
ANIMED = """#!/bin/sh
trap '' TERM
echo "$ANIMED_SAYS" >&2
exec sleep 1000
"""
ANIMECTL = """#!/bin/sh
case $* in
*status*) echo x >>"$HOME/asked"; echo "{\\"subscribers\\": $(wc -l <"$HOME/asked")}" ;;
*) exec sleep 1000 ;;
esac
"""
TESTS = """
import os, socket, subprocess, time
import harness, wire

def never_ready(scratch):
    scratch.env["ANIMED_SAYS"] = "it trains"
    scratch.daemon()

def says_no_more(scratch):
    scratch.env["ANIMED_SAYS"] = "ready: it is"
    daemon = scratch.daemon()
    daemon.wait_for("the end of the world")

def never_ends(scratch):
    scratch.env["ANIMED_SAYS"] = "ready: it is"
    with scratch.daemon():
        pass

def no_event(scratch):
    scratch.events().wait_for("model-changed")

def events_do_not_end(scratch):
    scratch.events().end()

def no_message(scratch):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(scratch.path("socket"))
        listener.listen(1)
        wire.Connection(scratch.path("socket")).receive()

def command_hangs(scratch):
    scratch.run("sleep", "1000")

def never_true(scratch):
    harness.until(lambda: False, "a miracle")

def sleeps(scratch):
    time.sleep(1000)

def leaves_a_process(scratch):
    subprocess.Popen(["sleep", "1000"], env=scratch.env)

def passes(scratch):
    for name, mode in (("shut", 0), ("read-only", 0o500)):
        os.makedirs(scratch.path(name + "/inner"))
        scratch.write(name + "/inner/file", "")
        os.chmod(scratch.path(name + "/inner"), mode)
        os.chmod(scratch.path(name), mode)

def is_skipped(scratch):
    harness.need("no-such-command-anywhere")

harness.main([never_ready, says_no_more, never_ends, no_event, events_do_not_end, no_message, command_hangs, never_true,
              sleeps, leaves_a_process, passes, is_skipped])
"""
SAID = {
    "never_ready": r"waiting for the daemon to say 'ready: '; it has said:\nit trains",
    "says_no_more": r"waiting for the daemon to say 'the end of the world'; it has said:\nready: it is",
    "never_ends": r"waiting for the daemon to end; it has said:\nready: it is",
    "no_event": r"waiting for the event model-changed",
    "events_do_not_end": r"waiting for animectl events to end",
    "no_message": r"waiting for a message",
    "command_hangs": r"sleep.* timed out after 1 seconds",
    "never_true": r"waiting for a miracle",
    "sleeps": r"3 seconds have passed, waiting for the end of sleeps",
    "leaves_a_process": r"waiting for the end of \{\d+: 'sleep 1000 '\}",
}


def every_wait_ends(scratch):
    for name, text in (("animed", ANIMED), ("animectl", ANIMECTL), ("try.py", TESTS)):
        os.chmod(scratch.write(name, text), 0o755)
    os.mkdir(scratch.path("inner"))
    scratch.env.update(SRCDIR=harness.SRCDIR, BUILDDIR=scratch.home, ANIMED_TEST_TIMEOUT="1", TMPDIR=scratch.path("inner"),
                       PYTHONPATH=os.path.dirname(os.path.abspath(__file__)), PYTHONDONTWRITEBYTECODE="1")
    out, _ = scratch.run(harness.need("python3"), scratch.path("try.py"), status=1)
    at = 0
    for name, what in SAID.items():
        end = out.index(f"FAILED: {name}\n", at)
        assert re.search(what, out[at:end]), out[at:end]
        at = end
    assert out[at:].endswith("ok: passes\n"
                             "skipped: try.py: is_skipped: no-such-command-anywhere is not installed\n"
                             f"checks: 1 passed, {len(SAID)} failed, 1 skipped\n"), out[at:]
    assert os.listdir(scratch.path("inner")) == [], "what was started is removed"


def standard_streams_may_be_closed(scratch):
    scratch.write("try.py", "import harness\ndef test(scratch):\n    scratch.write('x', 'y')\nharness.main([test])\n")
    scratch.env.update(SRCDIR=harness.SRCDIR, BUILDDIR=harness.BUILDDIR,
                       PYTHONPATH=os.path.dirname(os.path.abspath(__file__)), PYTHONDONTWRITEBYTECODE="1")
    for command in ([harness.need("python3"), scratch.path("try.py")],
                    [os.path.join(harness.BUILDDIR, "tests", "daemon", "conn", "check_message")]):
        scratch.run("sh", "-c", "exec \"$@\" <&- >&- 2>&-", "sh", *command)


def odd_temporary_directory(scratch):
    """A TMPDIR that make or a socket could not do with is not used."""
    scratch.write("try.py", "import harness\nprint(harness.temporary_directory())\n")
    scratch.env.update(SRCDIR=harness.SRCDIR, BUILDDIR=harness.BUILDDIR,
                       PYTHONPATH=os.path.dirname(os.path.abspath(__file__)), PYTHONDONTWRITEBYTECODE="1")
    for tmp, used in (("/var/tmp", "/var/tmp"), ("/with space", "/tmp"), ("relative", "/tmp"), ("/" + 40 * "x", "/tmp")):
        scratch.env["TMPDIR"] = tmp
        out, _ = scratch.run(harness.need("python3"), scratch.path("try.py"))
        assert out == used + "\n", (tmp, out)


if __name__ == "__main__":
    harness.main([every_wait_ends, standard_streams_may_be_closed, odd_temporary_directory])

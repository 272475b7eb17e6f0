#!/usr/bin/env python3
"""Tests how models change in a running daemon: retraining, the gate, rollback, pins, the watched store, events."""

import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess

import harness
import wire

ENDLESS = "{plugin: bias, factors: 256, epochs: 1000}"
QUICK = "{plugin: bias, factors: 8, epochs: 2}"


def current(scratch):
    return os.readlink(os.path.join(scratch.models, "current"))


def trained(scratch, model=QUICK, more=""):
    """Make a store with one model."""
    scratch.configure(model=model, more=more)
    scratch.animed("train")


def live(scratch):
    trained(scratch)
    with scratch.daemon() as daemon:
        events = scratch.events()
        out, err = scratch.ctl("retrain", "--wait")
        lines = out.splitlines()
        assert lines[0].split() == ["epoch", "train_loss", "valid_loss", "time"] and lines[1].startswith("0 "), out
        assert len(lines) == 4 and lines[3].startswith("model 2 is served now") and err == "", (out, err)
        seen = [events.next()]
        while seen[-1]["event"] != "retrain-finished":
            seen.append(events.next())
        assert seen[0]["event"] == "retrain-started" and "uid" in seen[0]["by"], seen
        epochs = [event for event in seen if event["event"] == "retrain-progress" and event["done"]]
        assert [event["epoch"] for event in epochs] == [0, 1], seen
        assert epochs[1]["train_loss"] < epochs[0]["train_loss"] and epochs[1]["epochs"] == 2, epochs
        changed = seen[-2]
        assert changed["event"] == "model-changed" and changed["origin"] == "retraining", changed
        assert (changed["model"], changed["previous"]) == (2, 1) and len(changed["gate"]) == 5, changed
        assert seen[-1]["outcome"] == "served" and seen[-1]["model"] == 2, seen
        assert current(scratch) == "2.safetensors"
        assert scratch.ask("similar", "Berserk")["model"] == 2
        status = scratch.ask("status")["retrain"]
        assert status["running"] is None and status["last"]["ok"] is True and status["last"]["model"] == 2, status
        assert events.stop() == []
        # without waiting: the log of the training is in the log of the daemon
        scratch.ctl("retrain")
        daemon.wait_for("train: model 3 written")
        daemon.wait_for("serving model 3")


def child_of(scratch):
    return scratch.ask("status")["retrain"]["running"]["pid"]


def started(scratch, events):
    """Start a training that does not end, and wait until it trains.  Returns its process id."""
    scratch.configure(model=ENDLESS)
    scratch.ctl("retrain")
    events.wait_for("retrain-progress")
    return child_of(scratch)


def cancelled(scratch):
    trained(scratch)
    with scratch.daemon():
        events = scratch.events()
        scratch.configure(model=ENDLESS)
        waiting = subprocess.Popen([harness.ANIMECTL, "retrain", "--wait"], env=scratch.env, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        events.wait_for("retrain-progress")
        pid = child_of(scratch)
        running = scratch.ask("status")["retrain"]["running"]
        assert running["phase"] == "training" and running["epochs"] == 1000, running
        # all its threads have the configured nice value, and no socket of the daemon is open in it
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat", encoding="ascii") as stat:
                assert stat.read().rpartition(")")[2].split()[16] == "10"
        opened = {int(fd): os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        assert not [fd for fd, what in opened.items() if fd > 3 and "socket:" in what], opened
        _, err = scratch.ctl("retrain", status=5)
        assert err.startswith("animectl: busy: a training runs already, started by process ") and "uid" in err, err
        assert scratch.ask("similar", "Berserk")["model"] == 1
        out, _ = scratch.ctl("cancel")
        assert str(pid) in out, out
        assert not os.path.exists(f"/proc/{pid}")
        _, err = waiting.communicate(timeout=harness.TIMEOUT)
        assert waiting.returncode == 5 and "cancelled" in err, err
        failed = events.wait_for("retrain-failed")
        assert failed["cancelled"] is True and failed["reason"] == "cancelled", failed
        _, err = scratch.ctl("cancel", status=1)
        assert err.startswith("animectl: not-running: "), err
        assert sorted(os.listdir(scratch.models)) == ["1.safetensors", "current"]
        events.stop()


def killed(scratch):
    trained(scratch)
    with scratch.daemon() as daemon:
        events = scratch.events("retrain-progress", "retrain-failed", "retrain-finished")
        os.kill(started(scratch, events), signal.SIGKILL)
        failed = events.wait_for("retrain-failed")
        assert failed["signal"] == 9 and failed["exit"] is None and "Killed" in failed["reason"], failed
        assert failed["cancelled"] is False, failed
        daemon.wait_for("ended by signal 9")
        last = scratch.ask("status")["retrain"]["last"]
        assert last["ok"] is False and "signal 9" in last["error"], last
        assert scratch.ask("similar", "Berserk")["model"] == 1
        # the next training succeeds, and removes what the dead one has left
        scratch.configure(model=QUICK)
        scratch.ctl("retrain", "--wait")
        assert sorted(os.listdir(scratch.models)) == ["1.safetensors", "2.safetensors", "current"]
        # the reason of a failure is the last error that the child logged
        scratch.configure(model=QUICK, data=scratch.path("nowhere"))
        _, err = scratch.ctl("retrain", "--wait", status=5)
        assert "no new model" in err and "nowhere/animes.csv" in err, err
        scratch.configure(model="{plugin: bais}")
        _, err = scratch.ctl("retrain", "--wait", status=5)
        assert "status 2: " in err and "did you mean" in err, err
        events.stop()


def full_disk(scratch):
    """The store is on a file system that has room for one model, in a mount namespace of its own."""
    os.makedirs(scratch.models)
    command = "mount -t tmpfs -o size=512k tmpfs \"$1\" && shift && exec \"$@\""
    wrap = [harness.need("unshare"), "--mount", "sh", "-c", command, "sh", scratch.models]
    if subprocess.run([*wrap, "true"], capture_output=True, check=False).returncode != 0:
        harness.skip("there is no right to mount a small file system")
    scratch.configure(model="{plugin: bias, factors: 40, epochs: 2}",
                      more="  similarity: {plugin: cosine}\n  ranking: {plugin: predicted}\n")
    with scratch.daemon(wrap=wrap) as daemon:
        _, err = scratch.ctl("retrain", "--wait", status=5)
        assert "No space left on device" in err, err
        daemon.wait_for("No space left")
        models = scratch.ask("models")
        assert [version["version"] for version in models["versions"]] == [1], models
        inside = f"/proc/{daemon.process.pid}/root{scratch.models}"
        assert sorted(os.listdir(inside)) == ["1.safetensors", "current"]
        assert scratch.ask("similar", "Berserk")["model"] == 1


def ends_with_the_daemon(scratch):
    trained(scratch)
    for how in (signal.SIGTERM, signal.SIGKILL):
        scratch.configure(model=QUICK)
        daemon = scratch.daemon()
        events = scratch.events()
        pid = started(scratch, events)
        watcher = os.pidfd_open(pid)
        status = daemon.stop(how)
        assert status == (0 if how == signal.SIGTERM else -signal.SIGKILL), status
        # the child is no child of the test, so that only its pidfd tells that it has ended
        assert select.select([watcher], [], [], harness.TIMEOUT)[0], "the training outlives the daemon"
        os.close(watcher)
        events.end()
        assert sorted(set(os.listdir(scratch.models)) - {"1.safetensors"}) == ["current"]


def orphan(scratch):
    """A training whose daemon ended before the training could ask to be ended with it does not begin."""
    scratch.configure(model=QUICK)
    daemon, child = socket.socketpair()
    with child:
        daemon.close()
        done = subprocess.run([harness.ANIMED, "-c", scratch.path("animed.yaml"), "train", "--child", str(child.fileno())],
                              env=scratch.env, cwd=scratch.home, capture_output=True, text=True, check=False,
                              pass_fds=[child.fileno()], timeout=harness.TIMEOUT)
    assert done.returncode == 1 and "the daemon that started this training is gone" in done.stderr, done.stderr
    assert "ratings" not in done.stderr, done.stderr


def gate(scratch):
    strict = "gate: {loss_rise: 0, overlap: 0}\nstore: {watch: false}\n"
    trained(scratch, model="{plugin: bias, factors: 8, epochs: 8}", more=strict)
    with scratch.daemon():
        events = scratch.events("reload-refused", "retrain-finished", "model-changed")
        scratch.configure(model="{plugin: bias, factors: 8, epochs: 1}", more=strict)
        _, err = scratch.ctl("retrain", "--wait", status=5)
        assert "model 2 is in the store and not served" in err and "loss: held-out loss" in err, err
        assert "to serve it all the same: animectl rollback 2; gate.loss_rise has the limit" in err, err
        refused = events.next()
        assert refused["event"] == "reload-refused" and refused["origin"] == "retraining", refused
        findings = {finding["rule"]: finding for finding in refused["gate"]}
        assert findings["loss"]["outcome"] == "failed" and findings["loss"]["value"] > 0, findings
        assert findings["self-similarity"]["outcome"] == "passed" and findings["overlap"]["outcome"] == "skipped"
        assert events.next()["outcome"] == "refused"
        assert current(scratch) == "1.safetensors" and scratch.ask("similar", "Berserk")["model"] == 1
        last = scratch.ask("status")["last_reload"]
        assert last["ok"] is False and "loss" in last["error"] and last["model"] == 2, last
        # what the store calls current has to pass the gate too
        os.symlink("2.safetensors", os.path.join(scratch.models, "new"))
        os.rename(os.path.join(scratch.models, "new"), os.path.join(scratch.models, "current"))
        answer = scratch.ask("reload", "--dry-run")
        assert answer["candidate"] == 2 and answer["model"] == 1 and "loss" in answer["refused"], answer
        out, _ = scratch.ctl("reload", "--dry-run")
        assert "would be refused" in out and "failed" in out and "finite" in out, out
        assert scratch.ask("status")["last_reload"] == last, "a dry run leaves no trace"
        _, err = scratch.ctl("reload", status=5)
        assert err.startswith("animectl: model-refused: "), err
        # but a rollback by hand is not held up by the loss
        out, _ = scratch.ctl("rollback", "2")
        assert out == "model 2 is served now, before it was 1\n", out
        assert [events.next()["event"] for _ in range(2)] == ["reload-refused", "model-changed"]
        assert scratch.ask("rollback")["model"] == 1 and current(scratch) == "1.safetensors"
        # a rollback cannot serve a file that is no model
        with open(os.path.join(scratch.models, "3.safetensors"), "wb") as file:
            file.write(b"not a model")
        _, err = scratch.ctl("rollback", "3", status=5)
        assert "model-refused" in err and current(scratch) == "1.safetensors", err
        _, err = scratch.ctl("rollback", "9", status=5)
        assert "9.safetensors" in err, err
        _, err = scratch.ctl("rollback", status=5)
        assert "no version before 1" in err, err
        _, err = scratch.ctl("rollback", "two", status=2)
        versions = scratch.ask("models")["versions"]
        assert [version["version"] for version in versions] == [3, 2, 1] and "3.safetensors" in versions[0]["error"]
        assert versions[2]["current"] is True and versions[1]["valid_loss"] > versions[2]["valid_loss"], versions
        events.stop()


def pinned(scratch):
    trained(scratch, more="store: {keep: 2}\n")
    with scratch.daemon() as daemon:
        out, _ = scratch.ctl("pin")
        assert out.startswith("model 1 was served already\n"), out
        for _ in range(3):
            out, _ = scratch.ctl("retrain", "--wait")
            assert "the pinned model 1 stays current" in out, out
        assert scratch.ask("status")["pinned"] == 1
        assert sorted(os.listdir(scratch.models)) == ["1.safetensors", "3.safetensors", "4.safetensors", "current",
                                                      "pinned"]
        out, err = scratch.animed("train")
        assert "another one is pinned" in err and current(scratch) == "1.safetensors", err
        out, _ = scratch.ctl("models")
        assert "served, pinned" in out.splitlines()[-1], out
        _, err = scratch.ctl("rollback", "4", status=5)
        assert "model 1 is pinned" in err, err
        assert scratch.ask("pin", "4")["model"] == 4
        daemon.wait_for("pinned")
        assert scratch.ask("unpin") == {"model": 4, "unpinned": 4}
        assert scratch.ask("unpin") == {"model": 4, "unpinned": None}
        scratch.ctl("retrain", "--wait")
        assert scratch.ask("similar", "Berserk")["model"] == 6
    # a pin outlives the daemon
    scratch.animed("train")
    with scratch.daemon():
        assert scratch.ask("pin", "6")["previous"] == 7
    with scratch.daemon():
        assert scratch.ask("status")["pinned"] == 6 and scratch.ask("status")["model"]["version"] == 6


def watched(scratch):
    trained(scratch)
    with scratch.daemon():
        events = scratch.events("model-changed")
        scratch.animed("train")
        changed = events.next()
        assert changed["model"] == 2 and changed["origin"] == "store", changed
        # another directory is renamed to the path of the store
        other = scratch.path("other")
        shutil.copytree(scratch.models, other, symlinks=True)
        os.rename(os.path.join(other, "2.safetensors"), os.path.join(other, "7.safetensors"))
        os.remove(os.path.join(other, "current"))
        os.symlink("7.safetensors", os.path.join(other, "current"))
        os.rename(scratch.models, scratch.path("away"))
        os.rename(other, scratch.models)
        assert events.next()["model"] == 7
        scratch.animed("train")
        assert events.next()["model"] == 8
        # the store is removed and made anew; the served model does not depend on it
        shutil.rmtree(scratch.models)
        assert scratch.ask("similar", "Berserk")["model"] == 8
        scratch.animed("train")
        assert events.next()["model"] == 1
        events.stop()


def scheduled(scratch):
    data = scratch.path("data")
    shutil.copytree(os.path.join(harness.SRCDIR, "etc", "demo"), data, copy_function=shutil.copyfile)
    os.chmod(data, 0o700)  # the sources may be read only
    every = "retrain: {every: 1s, when-changed: false}\n"
    scratch.configure(model=QUICK, data=data, more=every)
    scratch.animed("train")
    with scratch.daemon():
        events = scratch.events("retrain-started", "model-changed")
        assert events.wait_for("retrain-started")["by"] == "the schedule"
        # the first training may have started before the subscription
        model = events.wait_for("model-changed")["model"]
        assert model >= 2
        assert events.wait_for("model-changed")["model"] == model + 1
        assert scratch.ask("status")["retrain"]["schedule"]["every"] == 1
        events.stop()
    # while the data is that of the newest model, no training starts
    scratch.configure(model=QUICK, data=data, more="retrain: {every: 1s}\nstore: {watch: false}\n")
    with scratch.daemon() as daemon:
        events = scratch.events("retrain-started")
        daemon.wait_for("left out, the source is as it was")
        daemon.wait_for("left out, the source is as it was")
        schedule = scratch.ask("status")["retrain"]["schedule"]
        assert schedule["when_changed"] is True and schedule["left_out"], schedule
        assert "Schedule" in scratch.ctl("status")[0]
        os.utime(os.path.join(data, "reviews.csv"))
        events.next()
        assert events.stop() is not None
    # with other options, the same files are another dataset
    more = "retrain: {every: 1s}\nstore: {watch: false}\n"
    scratch.configure(model=QUICK, data=data, more=more)
    scratch.animed("train")
    scratch.configure(model=QUICK, data=data, more=more + "dataset: {unknown_items: keep}\n")
    with scratch.daemon() as daemon:
        while "retrain: started by the schedule" not in (line := daemon.wait_for("retrain: ")):
            assert "left out" not in line, line


def followed(scratch):
    """animectl events ends with status 0 when it is interrupted, and when the daemon stops."""
    trained(scratch)
    daemon = scratch.daemon()
    first, second = scratch.events(), scratch.events("model-changed")
    lines = subprocess.Popen([harness.ANIMECTL, "events"], env=scratch.env, stdout=subprocess.PIPE, text=True)
    harness.until(lambda: scratch.ask("status")["subscribers"] == 3, "three subscribers")
    scratch.ctl("retrain", "--wait")
    assert second.next()["event"] == "model-changed"
    assert second.stop() == []
    with harness.limit("a line of animectl events"):
        line = lines.stdout.readline()
    assert " retrain-started pid " in line and ", by " in line, line
    _, err = scratch.ctl("events", "no-such-event", status=1)
    assert "there is no event \"no-such-event\"; there are model-changed" in err, err
    assert daemon.stop() == 0
    assert first.end()[-1]["event"] == "retrain-finished"
    lines.communicate(timeout=harness.TIMEOUT)
    assert lines.returncode == 0
    _, err = scratch.ctl("events", status=3)


def lagged(scratch):
    """Where events were left out, animectl asks for the status, since the end of the training may be among them."""
    served = {"version": 2}
    cases = (({"ok": True, "error": None, "model": 2}, 0, "model 2 is served now"),
             ({"ok": True, "error": None, "model": 3}, 0, "model 3 is in the store, and model 2 is served"),
             ({"ok": False, "error": "worse", "model": 3}, 5, "model 3 is in the store and not served: worse"),
             ({"ok": False, "error": "killed", "model": None}, 5, "no new model: killed"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(scratch.path("lagged.sock"))
        listener.listen(1)
        for last, code, text in cases:
            waiting = subprocess.Popen([harness.ANIMECTL, "-s", scratch.path("lagged.sock"), "retrain", "--wait"],
                                       env=scratch.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            with wire.Connection(accepted=listener.accept()[0]) as client:

                def answer(method, result):
                    kind, number, asked, _ = client.receive()
                    assert (kind, asked) == (0, method), (kind, asked)
                    client.send([1, number, None, result])

                answer("subscribe", {"events": []})
                answer("retrain", {"pid": 7})
                client.send([2, "event", [{"event": "lagged", "lost": 3}]])
                answer("status", {"model": served, "retrain": {"running": {"pid": 7}, "last": None}})
                client.send([2, "event", [{"event": "lagged", "lost": 1}]])
                answer("status", {"model": served, "retrain": {"running": None, "last": last}})
                out, err = waiting.communicate(timeout=harness.TIMEOUT)
            assert waiting.returncode == code and text in out + err, (waiting.returncode, out, err)


def on_a_terminal(scratch):
    """On a terminal there is a progress bar, which is wiped before a line of the table."""
    trained(scratch)
    with scratch.daemon():
        scratch.configure(model=ENDLESS)
        ours, theirs = harness.open_terminal()
        waiting = subprocess.Popen([harness.ANIMECTL, "retrain", "--wait"], env=scratch.env, stdout=theirs,
                                   stderr=subprocess.DEVNULL)
        os.close(theirs)
        seen = b""
        with harness.limit(lambda: f"the bar and the table; so far {seen}"):
            while not (b"train_loss" in seen and b"\r\x1b[K" in seen and
                       re.search(rb"epoch \d+/1000 \[#* *\] +\d+%", seen)):
                seen += os.read(ours, 4096)
        scratch.ctl("cancel")
        assert waiting.wait(harness.TIMEOUT) == 5
        os.close(ours)


def neovim(scratch):
    """An event calls a function of Neovim."""
    trained(scratch)
    scratch.write("seen.vim", "\n".join([
        "let g:seen = []",
        "function! OnAnimed(event) abort",
        "  call add(g:seen, a:event)",
        "endfunction"]))
    with scratch.daemon():
        out = scratch.nvim(
            f"source {scratch.path('seen.vim')}",
            "call rpcrequest(ch, 'subscribe', ['model-changed'], {'as': ['nvim_call_function', 'OnAnimed']})",
            "call rpcrequest(ch, 'pin')", "call rpcrequest(ch, 'unpin')", "call rpcrequest(ch, 'retrain')",
            "call wait(60000, {-> len(g:seen) == 1}, 10)", "echo json_encode(g:seen)")
        seen = json.loads(out.splitlines()[-1])
        assert len(seen) == 1 and seen[0]["event"] == "model-changed" and seen[0]["model"] == 2, out


if __name__ == "__main__":
    harness.main([live, cancelled, killed, full_disk, ends_with_the_daemon, orphan, gate, pinned, watched, scheduled,
                  followed, lagged, on_a_terminal, neovim])

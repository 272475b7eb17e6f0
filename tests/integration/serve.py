#!/usr/bin/env python3
"""Tests the daemon with the demo model, through animectl and Neovim."""

import json
import os
import signal
import subprocess

import harness


def by_default(scratch):
    """Without a configuration and a model, the daemon trains on the demo data and serves that model."""
    scratch.env["ANIMED_DEMO"] = os.path.join(harness.SRCDIR, "etc", "demo")
    scratch.socket = scratch.path("run/animed/animed.sock")
    del scratch.env["ANIMED_SOCK"]
    process = subprocess.Popen([harness.ANIMED], env=scratch.env, stderr=subprocess.PIPE, text=True)
    log = ""
    with harness.limit(lambda: f"a daemon that is ready; it has said:\n{log}"):
        while "ready: " not in log:
            line = process.stderr.readline()
            assert line, log
            log += line
    assert "training the first one" in log, log
    assert "valid_loss" in log and "repeats" in log, log
    out, _ = scratch.ctl("similar", "Made", "in", "Abyss")
    assert out.startswith("Made in Abyss (id:34599, TV, 2017)\n"), out
    process.send_signal(signal.SIGINT)
    assert process.wait(harness.TIMEOUT) == 0
    assert not os.path.exists(scratch.socket)


def commands(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        out, err = scratch.ctl("similar", "Made in Abyss", "-n", "4")
        lines = out.splitlines()
        assert err == "" and len(lines) == 6, out
        assert lines[1].split() == ["#", "Match", "Title", "Year", "Type", "Mean", "Ratings", "Genres"], out
        items = scratch.ask("similar", "Made in Abyss")["items"]
        for key in ("similarity", "match"):
            values = [item[key] for item in items]
            assert len(values) == 10 and values == sorted(values, reverse=True) and values[-1] > 0, values
        assert values[0] < 1
        answer = scratch.ask("similar", "id:34599", "--limit", "3")
        assert answer["matched"] == "id" and answer["model"] == 1 and len(answer["items"]) == 3
        assert 34599 not in [item["id"] for item in answer["items"]]
        assert scratch.ask("similar", "Beserk")["item"]["title"] == "Berserk"
        assert "nearest to \"Beserk\"" in scratch.ctl("similar", "Beserk")[0]
        assert scratch.ask("similar", "Made in Abyss", "--min-ratings", "100000000")["items"] == []
        assert scratch.ask("search", "abyss")["items"][0]["title"].startswith("Made in Abyss")
        assert "no title is like that" in scratch.ctl("search", "zzzzqqqq")[0]
        show = scratch.ask("show", "cowboy bebop")["item"]
        assert show["year"] == 1998 and show["episodes"] == 26 and "Sci-Fi" in show["genres"], show
        assert "Sci-Fi" in scratch.ctl("show", "cowboy bebop")[0]
        score = scratch.ask("predict", "demo_user_001", "Cowboy Bebop")["score"]
        assert 1 <= score <= 10, score
        assert scratch.ctl("predict", "demo_user_001", "Cowboy Bebop")[0].startswith(f"{score:.2f}  Cowboy Bebop")
        status = scratch.ask("status")
        assert status["model"]["variant"] == "bias" and status["model"]["version"] == 1, status
        assert "Model        1: bias" in scratch.ctl("status")[0]


def failures(scratch):
    """animectl has the exit statuses that animectl(1) documents."""
    _, err = scratch.ctl("status", status=3)
    assert err == f"animectl: no daemon at {scratch.socket}; start it with: animed\n", err
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        _, err = scratch.ctl("similar", "no such show at all", status=1)
        assert err.startswith("animectl: unknown-title: "), err
        _, err = scratch.ctl("predict", "nobody", "Cowboy Bebop", status=1)
        assert err.startswith("animectl: unknown-user: "), err
        _, err = scratch.ctl("similar", "id:1234567890", status=1)
        assert err.startswith("animectl: unknown-item: "), err
        _, err = scratch.ctl("similar", "Made in Abyss", "-n", "0", status=1)
        assert err.startswith("animectl: bad-params: "), err
        for args in ([], ["simlar", "x"], ["similar"], ["status", "x"], ["similar", "x", "-n", "many"], ["--colour"],
                     ["show", "x", "-n", "3"], ["predict", "someone"]):
            _, err = scratch.ctl(*args, status=2)
            assert err, args
        full = open("/dev/full", "w")
        done = subprocess.run([harness.ANIMECTL, "status"], env=scratch.env, stdout=full, stderr=subprocess.PIPE, text=True)
        assert done.returncode == 4 and "cannot write" in done.stderr, done


def neovim(scratch):
    """Neovim gets the same list as animectl, and shows the message of the daemon as its error."""
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        out = scratch.nvim("echo json_encode(rpcrequest(ch, 'similar', 'Made in Abyss', {'limit': 5}))")
        theirs, ours = json.loads(out), scratch.ask("similar", "Made in Abyss", "-n", "5")
        assert [item["id"] for item in theirs["items"]] == [item["id"] for item in ours["items"]], (theirs, ours)
        assert [item["title"] for item in theirs["items"]] == [item["title"] for item in ours["items"]]
        out = scratch.nvim("try | call rpcrequest(ch, 'similar', 'no such show at all') | catch | echo v:exception | endtry")
        assert "unknown-title: no show is called \"no such show at all\"" in out, out
        out = scratch.nvim("echo json_encode(rpcrequest(ch, 'similar', 'Made in Abyss', []))")
        assert len(json.loads(out)["items"]) == 10, out
        out = scratch.nvim("echo rpcrequest(ch, 'hello', {'client': 'nvim', 'protocol': 1}).server")
        assert "animed" in out, out


def reloads(scratch):
    scratch.configure(more="store: {watch: false}\n")
    scratch.animed("train")
    with scratch.daemon() as daemon:
        assert scratch.ask("reload") == {"model": 1, "previous": 1, "changed": False, "gate": []}
        scratch.animed("train")
        assert scratch.ask("similar", "Berserk")["model"] == 1
        answer = scratch.ask("reload")
        assert (answer["model"], answer["previous"], answer["changed"]) == (2, 1, True), answer
        assert [finding["outcome"] for finding in answer["gate"]] == ["passed"] * 5, answer
        assert scratch.ask("similar", "Berserk")["model"] == 2
        scratch.animed("train")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.wait_for("model 3")
        assert scratch.ask("similar", "Berserk")["model"] == 3
        # a file that is no model changes nothing
        with open(os.path.join(scratch.models, "4.safetensors"), "wb") as file:
            file.write(b"not a model")
        os.remove(os.path.join(scratch.models, "current"))
        os.symlink("4.safetensors", os.path.join(scratch.models, "current"))
        _, err = scratch.ctl("reload", status=5)
        assert err.startswith("animectl: model-refused: ") and "4.safetensors" in err, err
        assert scratch.ask("similar", "Berserk")["model"] == 3
        assert scratch.ask("status")["last_reload"]["ok"] is False


def one_daemon_a_socket(scratch):
    scratch.configure()
    scratch.animed("train")
    first = scratch.daemon()
    _, err = scratch.animed(status=1)
    assert str(first.process.pid) in err and scratch.socket in err, err
    assert scratch.ask("status")["pid"] == first.process.pid
    # a daemon that is killed leaves its socket, which the next one takes over
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    assert os.path.exists(scratch.socket)
    with scratch.daemon():
        assert scratch.ask("status")["pid"] != first.process.pid


def failed_runs(scratch):
    """A run that cannot start says why, and has the exit status for that."""
    scratch.configure(model="{plugin: bais}")
    _, err = scratch.animed("train", status=2)
    assert "animed.yaml:9:" in err and "did you mean \"bias\"?" in err, err
    scratch.configure(data=scratch.path("nowhere"))
    _, err = scratch.animed("train", status=1)
    assert "nowhere/animes.csv: cannot open: No such file" in err, err
    _, err = scratch.animed("tarin", status=2)
    assert "tarin" in err, err
    _, err = scratch.animed("--check-config", status=1)
    assert "nowhere/animes.csv: cannot open: No such file" in err, err
    assert not os.path.exists(scratch.models), "a run that fails writes nothing"


def cancelled_training(scratch):
    """A SIGINT in the middle of a training leaves the store as it was."""
    scratch.configure()
    scratch.animed("train")
    before = sorted(os.listdir(scratch.models))
    scratch.configure(model="{plugin: bias, epochs: 1000, factors: 512}")
    process = subprocess.Popen([harness.ANIMED, "-c", scratch.path("animed.yaml"), "train"], env=scratch.env,
                               stderr=subprocess.PIPE, text=True)
    with harness.limit("the second epoch"):
        for line in process.stderr:
            if line.startswith("1 "):
                break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=harness.TIMEOUT)
    assert process.returncode == 1 and "cancelled" in err, err
    assert sorted(os.listdir(scratch.models)) == before


if __name__ == "__main__":
    harness.main([by_default, commands, failures, neovim, reloads, one_daemon_a_socket, failed_runs, cancelled_training])

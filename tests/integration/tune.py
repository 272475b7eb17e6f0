#!/usr/bin/env python3
"""Tests animed tune: it prints the trials that it trained, and an interrupt keeps what it found until then."""

import json
import os
import re
import signal
import subprocess

import harness

MODEL = "{plugin: bias, factors: 16, epochs: 8}"


def tuned(scratch, *args, status=0):
    return json.loads(scratch.animed("tune", "--json", *args, status=status)[0])


def without_seconds(answer):
    for trial in answer["trials"]:
        del trial["seconds"]
    return answer


def rmse_of_training(scratch, model, seed=42):
    scratch.write("other.yaml", open(scratch.configure(model=model), encoding="utf-8").read()
                  + f"train: {{seed: {seed}}}\n")
    _, log = scratch.run(harness.ANIMED, "-c", scratch.path("other.yaml"), "train")
    return float(re.search(r"held-out RMSE (\d+\.\d+)", log)[1])


def results_are_those_of_training(scratch):
    scratch.configure(model=MODEL)
    answer = tuned(scratch, "-n", "14", "--set", "factors=8..40", "--set", "epochs=5..15")
    trials = answer["trials"]
    assert not os.path.exists(scratch.models), "a search writes nothing"
    assert answer["complete"] and len(trials) == 14 and answer["seeds"] == [42, 43]
    assert [trial["rank"] for trial in trials] == list(range(1, 15))
    configuration = next(trial for trial in trials if trial["trial"] == 1)
    assert (configuration["parameters"]["factors"], configuration["parameters"]["epochs"]) == (16, 8)
    for trial in trials:
        assert 8 <= trial["parameters"]["factors"] <= 40 and 5 <= trial["parameters"]["epochs"] <= 15
        assert trial["epochs"] == trial["parameters"]["epochs"] and 0 <= trial["best_epoch"] < trial["epochs"]
    best = trials[0]
    assert best["trial"] == answer["best"]
    mean = (best["rmse"] + best["rmse_again"]) / 2
    assert abs(mean - answer["rmse"]) < 1e-9
    assert mean <= (configuration["rmse"] + configuration["rmse_again"]) / 2
    # the YAML to be pasted gives exactly this model
    model = re.search(r"model: (.*)", answer["yaml"])[1]
    assert abs(rmse_of_training(scratch, model) - best["rmse"]) < 6e-5
    assert abs(rmse_of_training(scratch, model, seed=43) - best["rmse_again"]) < 6e-5
    scratch.write("pasted.yaml", f"plugins: {harness.PLUGINS}\n" + answer["yaml"])
    shown, _ = scratch.run(harness.ANIMED, "-c", scratch.path("pasted.yaml"), "--show-config")
    assert f"factors: {best['parameters']['factors']}\n" in shown


def same_seed_same_answer(scratch):
    scratch.configure(model=MODEL)
    first = without_seconds(tuned(scratch, "-n", "6"))
    assert without_seconds(tuned(scratch, "-n", "6")) == first
    assert without_seconds(tuned(scratch, "-n", "6", "--seed", "7")) != first


def table_is_for_people(scratch):
    scratch.configure(model=MODEL)
    out, log = scratch.animed("tune", "-n", "5", "--set", "weight_decay=0.05")
    lines = out.splitlines()
    assert lines[0].split() == ["rank", "trial", "RMSE", "again", "mean", "users", "kept", "seconds", "factors",
                                "epochs", "learning_rate"], lines[0]
    assert len({len(line) for line in lines[:6]}) == 1, "columns are aligned"
    assert [line.split()[0] for line in lines[1:6]] == list("12345")
    assert lines[6] == "" and lines[7].startswith("# "), out
    assert "pipeline:\n  model: {plugin: bias, " in out and "weight_decay: 0.05" in out
    assert "trial 1, the configuration: RMSE" in log and "searching factors from 4 to 64" in log


def interrupted(scratch):
    scratch.configure(model=MODEL)
    command = [harness.ANIMED, "-c", scratch.path("animed.yaml"), "tune", "--time", "250", "--json"]
    with subprocess.Popen(command, env=scratch.env, cwd=scratch.home, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as process:
        with harness.limit("the ninth trial"):
            for line in process.stderr:
                if "trial 9:" in line:
                    break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.TIMEOUT)
    assert process.returncode == 1 and "cancelled" in err, (process.returncode, err)
    answer = json.loads(out)
    assert not answer["complete"] and len(answer["trials"]) >= 9
    assert answer["trials"][0]["rmse"] <= next(t for t in answer["trials"] if t["trial"] == 1)["rmse"]
    assert "model: {plugin: bias" in answer["yaml"]
    assert not os.path.exists(scratch.models)


def time_bounds_it(scratch):
    scratch.configure(model=MODEL)
    answer = tuned(scratch, "--time", "1")
    assert not answer["complete"] and answer["trials"][0]["rmse_again"] > 0


def terminal_has_a_bar(scratch):
    scratch.configure(model=MODEL)
    ours, theirs = harness.open_terminal()
    command = [harness.ANIMED, "-c", scratch.path("animed.yaml"), "tune", "-n", "6"]
    with subprocess.Popen(command, env=scratch.env, cwd=scratch.home, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        seen = b""
        with harness.limit(lambda: f"the end of the search; so far {seen}"):
            while True:
                try:
                    some = os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
                seen += some
                if not some:
                    break
        assert process.wait(harness.TIMEOUT) == 0
    os.close(ours)
    assert re.search(rb"\rtrial 2/6, best \d\.\d{4} \[#* *\] +\d+%", seen), seen
    assert b"\rfinal, trial 1, best " in seen, seen
    assert seen.endswith(b"\r\x1b[K"), "the bar is wiped"


def wrong_use(scratch):
    scratch.configure(model=MODEL)
    for args, why in ((["--set", "factor=3"], "did you mean \"factors\"?"), (["--set", "factors=0..9"], "out of range"),
                      (["--set", "optimizer=sgd"], "not a number"), (["--trials", "1"], "--trials"),
                      (["--time", "x"], "--time"), (["more"], "unexpected")):
        _, err = scratch.animed("tune", *args, status=2)
        assert why in err and "trial" not in err.replace("--trials", ""), err
    scratch.configure(model=MODEL, more="train: {valid_pct: 0}\n")
    _, err = scratch.animed("tune", status=1)
    assert "nothing is held out" in err and "train.valid_pct" in err, err


def failing_trials(scratch):
    """A trial that cannot be trained is a bad result; it is an error where no trial can be trained."""
    scratch.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"u{n % 9},{n % 7 + 1},{n % 9 + 1}\n" for n in range(63)))
    scratch.write("animes.csv", "uid,title\n" + "".join(f"{n},T{n}\n" for n in range(1, 8)))
    scratch.configure(data=scratch.home, model="{plugin: bias, optimizer: notebook, epochs: 2}")
    _, err = scratch.animed("tune", "-n", "4", status=1)
    assert "no trial could be measured: " in err and "at least 64" in err, err


if __name__ == "__main__":
    harness.main([results_are_those_of_training, same_seed_same_answer, table_is_for_people, interrupted,
                  time_bounds_it, terminal_has_a_bar, wrong_use, failing_trials])

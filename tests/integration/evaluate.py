#!/usr/bin/env python3
"""Tests animed evaluate: for every split the table and the JSON agree, and real ratings give the known figures."""

import json
import os
import re
import signal
import subprocess

import harness

RANKING = "predicted"
ROWS = ["mean", "bias-only", "popularity", "item-kNN", "bias", RANKING]
KEYS = ["rmse", "mae", "ndcg", "recall", "recall_20", "hit_rate", "coverage", "mean_popularity", "long_tail", "seconds"]
HEADS = ["model", "RMSE", "MAE", "NDCG@10", "recall@10", "recall@20", "hit rate@10", "coverage", "mean popularity",
         "long tail", "seconds"]
NEW_KEYS = ["new_ndcg", "new_recall_20"]
NEW_HEADS = ["model", "NDCG@10", "recall@20"]
SPLITS = (["random"], ["leave-out", "-k", "3"], ["users", "--users", "40"])

# The figure that another program gave on the same data: 750 users with at least 20 ratings held out, a fifth of the ratings
# of each hidden, popularity by scores of 8 and more, all items ranked; the mean of five seeds.
POPULARITY_NDCG = 0.122

with open(os.path.join(harness.SRCDIR, "etc", "demo", "reviews.csv"), encoding="utf-8") as reviews:
    RATINGS = len(reviews.readlines()) - 2  # a comment and the head


def cells(lines):
    return [re.split(r"  +", line.strip()) for line in lines]


def evaluate(scratch, *args):
    """Run animed evaluate.  Returns its text, the cells of its table by row, those of the second one, and its log."""
    out, log = scratch.animed("evaluate", *args)
    text, table, new = out.split("\n\n")
    head, *new = new.splitlines()
    assert head.startswith("Of franchises new to the user alone"), head
    return text, cells(table.splitlines()), cells(new), log


def measure(scratch, *args):
    """Run animed evaluate --json.  Returns its answer, with the models by name."""
    answer = json.loads(scratch.animed("evaluate", "--json", *args)[0])
    answer["models"] = {row["name"]: row for row in answer["models"]}
    assert list(answer["models"]) == ROWS, answer
    return answer


def table_and_json_agree(scratch):
    scratch.configure()
    for split in SPLITS:
        text, lines, new, log = evaluate(scratch, "--split", *split)
        answer = measure(scratch, "--split", *split)
        assert lines[0] == HEADS, lines
        assert [line[0] for line in lines[1:]] == ROWS, lines
        assert new[0] == NEW_HEADS and [line[0] for line in new[1:]] == ROWS, new
        for keys, line in [(KEYS[:-1], line) for line in lines[1:]] + [(NEW_KEYS, line) for line in new[1:]]:
            for key, cell in zip(keys, line[1:]):
                value = answer["models"][line[0]][key]
                digits = len(cell.partition(".")[2])
                assert cell == ("-" if value is None else f"{value:.{digits}f}"), (split, line, key, value)
        dashes = {line[0]: [key for key, cell in zip(KEYS, line[1:]) if cell == "-"] for line in lines[1:]}
        assert dashes == dict.fromkeys(ROWS, []) | {"mean": KEYS[2:9], "popularity": KEYS[:2], RANKING: KEYS[:2]}, dashes
        assert [row for row, line in answer["models"].items() if not line["baseline"]] == ["bias", RANKING], answer
        run, = answer["runs"]
        assert answer["split"] == split[0] and answer["top"] == 10 and answer["threshold"] == 7.75, answer
        for fact in ("train_ratings", "hidden_ratings", "test_users", "relevant_ratings", "ranked_users"):
            assert re.search(rf"\b{run[fact]}\b", text), (fact, run, text)
        assert "measuring item-kNN, seed 42" in log and re.search(r"^0 +\d", log, re.MULTILINE), log
        outside = run["hidden_ratings"] + (run["shown_ratings"] if split[0] == "users" else 0)
        assert run["train_ratings"] + outside == RATINGS, run


def figures_make_sense(scratch):
    scratch.configure()
    models = measure(scratch, "--split", "random")["models"]
    assert models["bias"]["rmse"] < models["bias-only"]["rmse"] < models["mean"]["rmse"]
    assert models["popularity"]["coverage"] < models["item-kNN"]["coverage"] <= 1
    assert models["popularity"]["mean_popularity"] > models["item-kNN"]["mean_popularity"] > 0
    for row in models.values():
        for key in ("ndcg", "recall", "recall_20", "hit_rate", "coverage", *NEW_KEYS):
            assert row[key] is None or 0 < row[key] < 1, (key, row)
        assert row["hit_rate"] is None or row["recall"] <= row["hit_rate"]


def the_model_is_that_of_train(scratch):
    """With the same seed and share, evaluate has the same split, the same model and the same error as train."""
    scratch.configure(more="train: {seed: 7, valid_pct: 0.3}\n")
    _, log = scratch.animed("train")
    answer = measure(scratch)
    assert f"held-out RMSE {answer['models']['bias']['rmse']:.4f} " in log, (answer, log)
    assert answer["runs"][0]["seed"] == 7
    assert abs(answer["runs"][0]["hidden_ratings"] / (0.3 * RATINGS) - 1) < 1e-3
    # evaluate has written nothing: the only model is that of `train`
    assert sorted(os.listdir(scratch.models)) == ["1.safetensors", "current"], os.listdir(scratch.models)


def metadata(scratch):
    """The metadata of the current model."""
    with open(os.path.join(scratch.models, "current"), "rb") as model:
        return json.loads(model.read(int.from_bytes(model.read(8), "little")))["__metadata__"]


def train_measures_the_ranking(scratch):
    """A training tells the NDCG of its ranking on what it has held out, and keeps it; without a held-out part it does not."""
    scratch.configure(more="train: {valid_pct: 0.2}\n")
    _, log = scratch.animed("train")
    told = re.search(rf"held-out NDCG@10 of {RANKING} (\d\.\d+), of popularity (\d\.\d+) \((\d+) users, the (\d+) most", log)
    kept = metadata(scratch)
    assert told and abs(float(told[1]) - float(kept["ndcg"])) < 6e-4 and kept["ranking"] == RANKING, (log, kept)
    assert 0 < float(told[2]) < 1 and 0 < float(kept["ndcg_error"]) < 0.1, (log, kept)
    # the figure is that of evaluate on the same split, but for candidates: the demo has fewer than 2,000 items
    row = measure(scratch, "--split", "random")["models"][RANKING]
    assert abs(row["ndcg"] - float(kept["ndcg"])) < 0.02, (row, kept)
    scratch.configure(more="train: {valid_pct: 0}\n")
    _, log = scratch.animed("train")
    assert "NDCG" not in log and "ndcg" not in metadata(scratch), log


def repeats(scratch):
    scratch.configure()
    answer = measure(scratch, "--repeat", "3", "--seed", "5", "--top", "5", "--threshold", "9")
    single = [measure(scratch, "--seed", str(seed), "-n", "5", "-t", "9") for seed in (5, 6, 7)]
    assert [run["seed"] for run in answer["runs"]] == [5, 6, 7] and answer["top"] == 5 and answer["threshold"] == 9
    for name in ROWS:
        for key in KEYS[:-1] + NEW_KEYS:
            values = [one["models"][name][key] for one in single]
            mean, deviation = answer["models"][name][key], answer["models"][name]["sd"][key]
            if values[0] is None:
                assert mean is None and deviation is None
                continue
            assert abs(sum(values) / 3 - mean) <= 1e-6 * mean, (name, key)
            wanted = (sum((value - mean) ** 2 for value in values) / 2) ** 0.5
            assert abs(wanted - deviation) <= 1e-6 * mean, (name, key, wanted, deviation)
    assert single[0]["models"]["bias"]["sd"] is None
    text, lines, _, _ = evaluate(scratch, "--repeat", "3", "--seed", "5", "--top", "5", "--threshold", "9")
    assert "seed       5 to 7;" in text and "NDCG@5" in lines[0], (text, lines)
    model = answer["models"]["bias"]
    assert lines[5][1] == f"{model['rmse']:.4f} +-{model['sd']['rmse']:.4f}", lines


def other_models(scratch):
    scratch.configure(model="{plugin: plain, optimizer: notebook, epochs: 2}")
    _, lines, _, _ = evaluate(scratch, "--split", "users")
    assert lines[5][0] == "plain" and "-" not in lines[5], lines


def faults(scratch):
    scratch.configure()
    for args, status, wanted in (
        (["--split", "half"], 2, '"half" is not random, leave-out or users'),
        (["--split", "users", "-k", "3"], 2, "--leave has no meaning with --split users"),
        (["--at-least", "3"], 2, "--at-least has no meaning with --split random"),
        (["--split", "users", "--at-least", "0"], 2, '"0" is not a whole number from 1'),
        (["--split", "users", "--at-least", "5000"], 1, "have at least 5000 ratings"),
        (["--users", "3"], 2, "--users has no meaning with --split random"),
        (["--valid-pct", "0"], 2, "leaves nothing to measure"),
        (["--valid-pct", "half"], 2, '"half" is not a number'),
        (["--repeat", "101"], 2, '"101" is not a whole number up to 100'),
        (["--top", "0"], 2, '"0" is not a whole number from 1'),
        (["--threshold", "11"], 1, "is relevant, that is 11 or higher; lower --threshold (the highest rating is 10)"),
        (["--split", "leave-out", "-k", "500"], 1, "no user has the 1000 ratings"),
        (["--split", "users", "--users", "100000"], 1, "100000 users cannot be held out"),
        (["--valid-pct", "0.00001"], 1, "cannot be split"),
    ):
        out, err = scratch.animed("evaluate", *args, status=status)
        assert wanted in err and out == "", (args, out, err)
    scratch.configure(more="train: {valid_pct: 0}\n")
    _, err = scratch.animed("evaluate", status=2)
    assert "give --valid-pct" in err, err
    scratch.animed("evaluate", "--split", "leave-out")


def one_user(scratch):
    scratch.write("animes.csv", "uid,title\n1,A\n2,B\n")
    scratch.write("reviews.csv", "profile,anime_uid,score\nu,1,5\nu,2,9\n")
    scratch.configure(data=scratch.home)
    _, err = scratch.animed("evaluate", "--split", "users", "--at-least", "2", "--valid-pct", "0.5", status=1)
    assert "holding out all 1 users leaves nobody to train on" in err, err


def interrupt(scratch):
    scratch.configure()
    command = [harness.ANIMED, "-c", scratch.path("animed.yaml"), "evaluate", "--repeat", "100"]
    with subprocess.Popen(command, env=scratch.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with harness.limit("a run that measures"):
            for line in process.stderr:
                if "measuring" in line:
                    break
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=harness.TIMEOUT)
    assert process.returncode == 1 and out == "" and "error: cancelled" in err, (process.returncode, out, err)


def real_ratings(scratch):
    harness.need_real_ratings()
    scratch.configure(data=harness.MAL)
    _, log = scratch.animed("train")
    models = measure(scratch)["models"]
    assert f"held-out RMSE {models['bias']['rmse']:.4f} " in log, (models, log)
    assert 1.17 < models["item-kNN"]["rmse"] < 1.21 < models["bias-only"]["rmse"] < 1.26, models
    models = measure(scratch, "--split", "users", "--users", "750", "-p", "0.2", "--repeat", "3")["models"]
    ndcg = models["popularity"]["ndcg"]
    print(f"   popularity, NDCG@10 {ndcg:.4f}; elsewhere {POPULARITY_NDCG}")
    assert abs(ndcg - POPULARITY_NDCG) < 0.015, ndcg
    assert models["item-kNN"]["ndcg"] > 1.5 * ndcg, models
    # sequels are easy: what is left without them is harder to find
    assert 0.6 < models["item-kNN"]["new_ndcg"] / models["item-kNN"]["ndcg"] < 0.95, models
    assert models["popularity"]["long_tail"] == 0 < models["item-kNN"]["long_tail"], models


if __name__ == "__main__":
    harness.main([table_and_json_agree, figures_make_sense, the_model_is_that_of_train, train_measures_the_ranking,
                  repeats, other_models, faults,
                  one_user, interrupt, real_ratings])

#!/usr/bin/env python3
"""Tests animed evaluate: for every split the table and the JSON agree, and real ratings give the known figures."""

import json
import math
import os
import re
import signal
import subprocess

import harness

RANKING = "ease"
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


# what the tests that name no others measure
STAGES = ("similarity: {plugin: cosine}", f"ranking: {{plugin: {RANKING}}}")
LEARNT = ("similarity: [{plugin: corating}, {plugin: cosine}]", "ranking: {plugin: ease}")


def configure(scratch, stages=STAGES, **rest):
    scratch.configure(stages=stages, **rest)


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
    configure(scratch)
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
    configure(scratch)
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
    configure(scratch, more="train: {seed: 7, valid_pct: 0.3}\n")
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
    configure(scratch, more="train: {valid_pct: 0.2}\n")
    _, log = scratch.animed("train")
    told = re.search(rf"held-out NDCG@10 of {RANKING} (\d\.\d+), of popularity (\d\.\d+) \((\d+) users, the (\d+) most", log)
    kept = metadata(scratch)
    assert told and abs(float(told[1]) - float(kept["ndcg"])) < 6e-4 and kept["ranking"] == RANKING, (log, kept)
    assert 0 < float(told[2]) < 1 and 0 < float(kept["ndcg_error"]) < 0.1, (log, kept)
    # the figure is that of evaluate on the same split, but for candidates: the demo has fewer than 2,000 items
    row = measure(scratch, "--split", "random")["models"][RANKING]
    assert abs(row["ndcg"] - float(kept["ndcg"])) < 0.02, (row, kept)
    configure(scratch, more="train: {valid_pct: 0}\n")
    _, log = scratch.animed("train")
    assert "NDCG" not in log and "ndcg" not in metadata(scratch), log


def repeats(scratch):
    configure(scratch)
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
    configure(scratch, model="{plugin: plain, optimizer: notebook, epochs: 2}")
    _, lines, _, _ = evaluate(scratch, "--split", "users")
    assert lines[5][0] == "plain" and "-" not in lines[5], lines


def tastes(scratch):
    """Write ratings of two tastes: of 40 shows everybody rates those of one half, a few more of the other.  The pairs are
    shows of one half."""
    shows = range(1, 41)
    scratch.write("animes.csv", "uid,title\n" + "".join(f"{show},{TITLES[show % 2]} {show}\n" for show in shows))
    lines = ["profile,anime_uid,score"]
    for user in range(120):
        for show in shows:
            if show % 2 == user % 2 and (user + show) % 3:
                lines.append(f"u{user},{show},{8 + (user * show) % 3}")
            elif (user * show) % 17 == 0:
                lines.append(f"u{user},{show},{1 + (user + show) % 4}")
    scratch.write("reviews.csv", "\n".join(lines) + "\n")
    pairs = [f"{a},{b},{(a + b) % 7}" for a in shows for b in shows if a != b and a % 2 == b % 2]
    return scratch.write("pairs.csv", "query,partner,votes\n# shows of one half\n\n" + "\n".join(pairs) + "\n")


TITLES = ("Even", "Odd")


def pairs_of_known_tastes(scratch):
    """Answers are the partners of a show: all are found, whatever half of the ratings is known."""
    pairs = tastes(scratch)
    configure(scratch, data=scratch.home, stages=LEARNT, more="queries: {sequels: show}\n")
    answer = json.loads(scratch.animed("evaluate", "--pairs", pairs, "--json", "--seed", "3")[0])
    assert (answer["pairs"], answer["seed"], answer["overlap_shows"]) == (760, 3, 40), answer
    corating, cosine = answer["similarities"]
    assert (corating["name"], cosine["name"]) == ("corating", "cosine"), answer
    assert [part["known"] for part in corating["by_ratings"]] == ["few", "some", "many", "all"], corating
    assert [part["shows"] for part in corating["by_ratings"]] == [13, 13, 14, 40], corating
    few, some, many, every = corating["by_ratings"]
    assert few["most_ratings"] <= some["least_ratings"] and some["most_ratings"] <= many["least_ratings"], corating
    assert (every["least_ratings"], every["most_ratings"]) == (few["least_ratings"], many["most_ratings"]), corating
    # the 19 others of a half are the first 19 of 20 answers
    assert every["recall"] > 0.99 and every["ndcg"] > 0.5 and every["unanswered"] == 0, corating
    # 10 of 19 that are alike are drawn, so that two draws share about half; by chance of all shows it would be a quarter
    assert 0.35 < corating["overlap"] <= 1, corating
    out, log = scratch.animed("evaluate", "--pairs", pairs, "--seed", "3")
    table = cells(out.split("\n\n")[1].splitlines())
    assert table[0] == ["similarity", "known", "shows", "ratings", "NDCG@10", "recall@20", "no answer", "overlap@10"], table
    assert [line[:3] for line in table[1:5]] == [["corating", part["known"], str(part["shows"])]
                                                for part in corating["by_ratings"]], table
    assert table[4][4:] == [f"{every['ndcg']:.4f}", f"{every['recall']:.4f}", "0", f"{corating['overlap']:.4f}"], table
    assert "training on all" in log and "training on the second half" in log and "ease has learnt" not in log, log


def pairs_as_clients_get_them(scratch):
    """The figures are those of what a daemon with the same ratings answers."""
    tastes(scratch)
    more = "train: {valid_pct: 0}\nqueries: {sequels: show}\n"
    configure(scratch, data=scratch.home, stages=LEARNT, more=more)
    partners = {3: {5: 100, 2: 9, 7: 1, 4711: 3}, 4: {6: 1, 8: 1, 10: 1}, 5: {6: 1, 7: 1}, 4712: {1: 1, 2: 1, 3: 1}}
    pairs = scratch.write("pairs.csv", "".join(f"{a},{b},{votes}\n" for a, of in partners.items() for b, votes in of.items()))
    answer = json.loads(scratch.animed("evaluate", "--pairs", pairs, "--json")[0])
    scratch.animed("train")
    wanted = {"corating": [0, 0], "cosine": [0, 0]}
    with scratch.daemon():
        for name, sums in wanted.items():
            for show in (3, 4):  # 5 has two partners, and 4712 is not in the catalogue
                gains = {partner: math.log2(1 + votes) for partner, votes in partners[show].items()}
                got = [item["id"] for item in scratch.ask("similar", f"{TITLES[show % 2]} {show}", "--by", name, "--limit", "20")["items"]]
                ideal = sum(gain / math.log2(p + 2) for p, gain in enumerate(sorted(gains.values(), reverse=True)))
                sums[0] += sum(gains.get(id, 0) / math.log2(p + 2) for p, id in enumerate(got[:10])) / ideal / 2
                sums[1] += len(set(got) & set(gains)) / len(gains) / 2
    for similarity in answer["similarities"]:
        every = similarity["by_ratings"][-1]
        assert every["shows"] == 2, similarity
        for figure, value in zip(("ndcg", "recall"), wanted[similarity["name"]]):
            assert abs(every[figure] - value) < 1e-6, (similarity, wanted)


def faulty_pairs(scratch):
    configure(scratch)
    usage = "is not QUERY,PARTNER,VOTES: two ids and a number of votes from 0 up, as in 1,205,120"
    for text, wanted in (
        ("query,partner,votes\n1,2,3\n1,2\n", f'pairs.csv:3: "1,2" {usage}'),
        ("1,2,3\nquery,partner,votes\n", f'pairs.csv:2: "query,partner,votes" {usage}'),
        ("1,2,-3\n", f'pairs.csv:1: "1,2,-3" {usage}'),
        ("1,2,3,4\n", f'pairs.csv:1: "1,2,3,4" {usage}'),
        ("1,2.5,3\n", f'pairs.csv:1: "1,2.5,3" {usage}'),
        ("query,partner,votes\n\n", "pairs.csv: no pairs; a line is QUERY,PARTNER,VOTES"),
        ("900001,1,3\n900001,2,3\n900001,3,3\n", "none of its shows has 3 partners there and 5 ratings; the ids must be"),
    ):
        out, err = scratch.animed("evaluate", "--pairs", scratch.write("pairs.csv", text), status=1)
        assert wanted in err and out == "", (text, err)
    _, err = scratch.animed("evaluate", "--pairs", "/nonexistent", status=1)
    assert "/nonexistent: No such file" in err, err
    for option in (["--split", "users"], ["--top", "5"], ["--repeat", "2"]):
        _, err = scratch.animed("evaluate", "--pairs", "pairs.csv", *option, status=2)
        assert f"{option[0]} has no meaning with --pairs" in err, err


def real_pairs(scratch):
    """The similarity corating reaches what its formula gave elsewhere, for shows that many know and that few know."""
    harness.need_real_ratings()
    pairs = os.path.join(harness.MAL, "..", "pairs", "mal.csv")
    if not os.path.exists(pairs):
        harness.skip("there are no pairs at ../shared/data/pairs")
    configure(scratch, data=harness.MAL, stages=LEARNT)
    corating, cosine = json.loads(scratch.animed("evaluate", "--pairs", pairs, "--json")[0])["similarities"]
    ndcg = [part["ndcg"] for part in corating["by_ratings"]]
    print(f"   corating: NDCG@10 {ndcg}, overlap@10 {corating['overlap']:.3f}; elsewhere .255 .335 .48 .36, .51")
    assert all(value > least for value, least in zip(ndcg, (0.24, 0.32, 0.46, 0.345))), corating
    assert corating["overlap"] > 0.5 > 0.1 > cosine["overlap"], (corating, cosine)
    assert cosine["by_ratings"][-1]["ndcg"] < 0.15, cosine


def faults(scratch):
    configure(scratch)
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
    configure(scratch, more="train: {valid_pct: 0}\n")
    _, err = scratch.animed("evaluate", status=2)
    assert "give --valid-pct" in err, err
    scratch.animed("evaluate", "--split", "leave-out")


def one_user(scratch):
    scratch.write("animes.csv", "uid,title\n1,A\n2,B\n")
    scratch.write("reviews.csv", "profile,anime_uid,score\nu,1,5\nu,2,9\n")
    configure(scratch, data=scratch.home)
    _, err = scratch.animed("evaluate", "--split", "users", "--at-least", "2", "--valid-pct", "0.5", status=1)
    assert "holding out all 1 users leaves nobody to train on" in err, err


def interrupt(scratch):
    configure(scratch)
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
    configure(scratch, data=harness.MAL, more="train: {refit: false}\n")
    _, log = scratch.animed("train")
    models = measure(scratch)["models"]
    assert f"held-out RMSE {models['bias']['rmse']:.4f} " in log, (models, log)
    assert 1.17 < models["item-kNN"]["rmse"] < 1.21 < models["bias-only"]["rmse"] < 1.26, models
    models = measure(scratch, "--split", "users", "--users", "750", "-p", "0.2", "--repeat", "2")["models"]
    ndcg = models["popularity"]["ndcg"]
    print(f"   popularity, NDCG@10 {ndcg:.4f}; elsewhere {POPULARITY_NDCG}")
    assert abs(ndcg - POPULARITY_NDCG) < 0.015, ndcg
    assert models["item-kNN"]["ndcg"] > 1.5 * ndcg, models
    # sequels are easy: what is left without them is harder to find
    assert 0.6 < models["item-kNN"]["new_ndcg"] / models["item-kNN"]["ndcg"] < 0.95, models
    assert models["popularity"]["long_tail"] == 0 < models["item-kNN"]["long_tail"], models


def real_ranking(scratch):
    """The ranking ease reaches on real ratings what its formula gave elsewhere."""
    harness.need_real_ratings()
    configure(scratch, data=harness.MAL, stages=LEARNT)
    out = scratch.animed("evaluate", "--json", "--split", "users", "--users", "750", "-p", "0.2")[0]
    ease = json.loads(out)["models"][-1]
    print(f"   ease: NDCG@10 {ease['ndcg']:.4f}, recall@20 {ease['recall_20']:.4f}, new NDCG@10 {ease['new_ndcg']:.4f}; "
          "elsewhere .390 .448 .262")
    assert ease["name"] == "ease" and ease["ndcg"] > 0.36 and ease["recall_20"] > 0.42 and ease["new_ndcg"] > 0.24, ease


if __name__ == "__main__":
    # what real ratings show is how good the figures are; with a sanitizer this takes minutes and shows nothing else
    real = [real_ratings, real_ranking, real_pairs] if harness.SANITIZE == "no" else []
    harness.main([table_and_json_agree, figures_make_sense, the_model_is_that_of_train, train_measures_the_ranking,
                  repeats, other_models, faults, one_user, interrupt, pairs_of_known_tastes, pairs_as_clients_get_them,
                  faulty_pairs, *real])

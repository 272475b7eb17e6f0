#!/usr/bin/env python3
"""Favourites, which are likes without a score: what learns from likes learns from them, and what predicts scores does not."""

import re

from harness import PLUGINS, Scratch, main

SHOWS = 24


def configure(s: Scratch, favourites):
    """Ratings that say nothing of shows 1 and 2 together; their names and genres do not either."""
    s.write("animes.csv", "uid,title,genre\n" + "".join(f"{i},{chr(64 + i) * 3},Genre {i % 5}\n" for i in range(1, SHOWS + 1)))
    s.write("reviews.csv", "profile,anime_uid,score\n" + "".join(
        f"user{u},{1 + (u * 5 + k * k) % SHOWS},{1 + (u * 3 + k * 7) % 10}\n" for u in range(60) for k in range(6)
        if not (u % 2 and (u * 5 + k * k) % SHOWS == 1)))
    s.write("profiles.csv", "profile,gender,favorites_anime\n" + "".join(f"fan{f},,\"['1', '2']\"\n" for f in range(40)) +
            "user3,,\"['24', '999']\"\nuser3,,[24]\nuser5,,[]\n")
    named = "favourites: {path: profiles.csv, user: profile, items: favorites_anime}, " if favourites else ""
    s.write("animed.yaml", f"socket: {s.socket}\nmodels: {s.models}\nplugins: {PLUGINS}\n"
            "queries: {min_ratings: 0, sequels: show, relations: none}\npipeline:\n"
            f"  source: {{plugin: csv, {named}ratings: {{path: reviews.csv}}, items: {{path: animes.csv}}}}\n"
            "  model: {plugin: bias, factors: 4, epochs: 3}\n  similarity: [{plugin: corating, min_ratings: 1}, {plugin: cosine}]\n"
            "  ranking: {plugin: ease, min_ratings: 1}\n")


def trained(s: Scratch, favourites):
    configure(s, favourites)
    return s.animed("train")[1]


def rank(s: Scratch, *args):
    """The place of show 2 among the answers."""
    answers = s.ask(*args, "-n", "30")["items"]
    return next(place for place, item in enumerate(answers) if item["id"] == 2)


def likes_are_learnt_and_scores_are_not(s: Scratch):
    before = trained(s, False)
    with s.daemon():
        without = [rank(s, "similar", "id:1"), rank(s, "recommend", "id:1=10")]
        cosine = s.ask("similar", "id:1", "--by", "cosine")["items"]
        predicted = s.ask("predict", "user3", "id:2")["score"]
    after = trained(s, True)
    assert "favourites: 43 rows, 81 kept; 0 rated as well (the rating counts), 1 of unknown items, 1 repeat\n" in after, after
    assert "40 users with favourites and no rating; 0 rows rejected\n" in after, after
    error = re.compile(r"held-out RMSE [\d.]+ \(MSE [\d.]+\)")
    assert error.search(before)[0] == error.search(after)[0], (before, after)
    with s.daemon():
        learnt = [rank(s, "similar", "id:1"), rank(s, "recommend", "id:1=10")]
        assert learnt[0] < without[0] and learnt[1] < without[1], (without, learnt)
        assert s.ask("similar", "id:1", "--by", "cosine")["items"] == cosine
        assert s.ask("predict", "user3", "id:2")["score"] == predicted
        # who has favourites alone is nobody the model predicts for
        assert "fan1" in s.ctl("predict", "fan1", "id:2", status=1)[1]


def a_favourite_is_known_and_is_no_answer(s: Scratch):
    trained(s, True)
    with s.daemon():
        answer = s.ask("recommend", "--user", "user3", "-n", "30", "--why")
        assert 24 not in [item["id"] for item in answer["items"]]
        rated = {line.split(",")[1] for line in open(s.path("reviews.csv"), encoding="utf-8") if line.startswith("user3,")}
        assert answer["seen"] == len(rated | {"24"}), answer["seen"]
        known = {show["id"]: show["score"] for item in answer["items"] for show in item["explain"]["known"]}
        assert known[24] is None and {score for show, score in known.items() if show != 24} <= set(range(1, 11)), known


def the_model_file_has_them(s: Scratch):
    trained(s, True)
    with open(s.path("models/1.safetensors"), "rb") as file:
        header = file.read(int.from_bytes(file.read(8), "little")).decode()
    assert '"user_favourites.items":{"dtype":"U32","shape":[1]' in header.replace(" ", ""), header
    trained(s, False)
    with open(s.path("models/2.safetensors"), "rb") as file:
        header = file.read(int.from_bytes(file.read(8), "little")).decode()
    assert "user_favourites" not in header, header


def what_is_no_list_of_favourites(s: Scratch):
    configure(s, True)
    s.write("profiles.csv", "profile,favorites_anime\nfan,\"['x']\"\n,[1]\n")
    log = s.animed("train", status=1)[1]
    assert 'profiles.csv:2: row left out: the favourites are not a list of ids: "[\'x\']"' in log, log
    assert "profiles.csv:3: row left out: no user beside the favourites" in log and "2 of 2 rows are malformed" in log, log


main([likes_are_learnt_and_scores_are_not, a_favourite_is_known_and_is_no_answer, the_model_file_has_them,
      what_is_no_list_of_favourites])

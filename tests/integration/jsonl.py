#!/usr/bin/env python3
"""Trains on files of JSON lines: the same as on CSV files, with objects within objects, and with lines that are none."""

import gzip
import json
import shutil

import harness
import ratings
from harness import Scratch

SOURCE = "{plugin: jsonl, items: {path: animes.jsonl}, ratings: {path: reviews.jsonl}}"


def lines(*objects):
    return "".join((o if isinstance(o, str) else json.dumps(o, ensure_ascii=False)) + "\n" for o in objects)


def rating(user, item, score):
    return {"profile": user, "anime_uid": item, "score": score}


def same_as_csv(s: Scratch):
    log = ratings.expect_same_as_csv(s, ratings.write_jsonl(s))
    assert "481 rows, " in log and "1 unrated" in log, log


def packed(s: Scratch):
    source = ratings.write_jsonl(s)
    with open(s.path("reviews.jsonl"), "rb") as plain, gzip.open(s.path("reviews.jsonl.gz"), "wb") as file:
        shutil.copyfileobj(plain, file)
    ratings.expect_same_as_csv(s, source.replace("reviews.jsonl", "reviews.jsonl.gz"))
    s.run(harness.need("zstd"), "-q", s.path("animes.jsonl"))
    ratings.train(s, source.replace("animes.jsonl", "animes.jsonl.zst"))


def objects_within_objects(s: Scratch):
    """Keys lead into objects and through arrays; a key that has a dot in it is one, too."""
    s.write("animes.jsonl", lines(
        {"id": 1, "title": {"romaji": "One", "english": None}, "titles": [{"title": "[Eins] \"1\""}, {"title": "Uno, due"}],
         "genres": [{"mal_id": 1, "name": "Drama"}, {"mal_id": 8, "name": "Slice of Life"}], "start": {"date.year": 2009},
         "episodes": 12.0},
        {"id": 2, "title": {"romaji": "Two"}, "genres": ["Action, Comedy"], "titles": [], "start": None},
        {"id": 3, "title": {"romaji": "Three"}, "genres": "Action, Comedy"}))
    s.write("reviews.jsonl", "\n" + lines(
        {"user": {"name": "a"}, "media": {"id": 1}, "score": 7.5}, {"user": {"name": "b"}, "media": {"id": "2"}, "score": "8"},
        {"user": {"name": 3}, "media": {"id": 3}, "score": 9}))
    log = ratings.train(s, "{plugin: jsonl, items: {path: animes.jsonl, item: id, title: title.romaji, alt_titles: titles.title, "
                           "genres: genres, year: start.date.year}, "
                           "ratings: {path: reviews.jsonl, user: user.name, item: media.id}}")
    assert "3 kept" in log, log
    with s.daemon():
        one, two, three = (s.ask("show", name)["item"] for name in ("One", "Two", "Three"))
        assert one["genres"] == ["Drama", "Slice of Life"] and one["year"] == 2009, one
        assert one["alt_titles"] == ["[Eins] \"1\"", "Uno, due"], one
        assert two["genres"] == ["Action, Comedy"] and three["genres"] == ["Action", "Comedy"], (two, three)


def examples_of_the_page(s: Scratch):
    s.write("animes.jsonl", lines({"uid": 1, "title": "One"}))
    s.write("reviews.jsonl", lines(rating("a", 1, 5)))
    log = ratings.train(s, ratings.example("animed-jsonl.7", "Files with the keys that the plugin expects"))
    assert "1 kept" in log and "warning" not in log, log
    s.write("media.jsonl", lines({"id": 1, "title": {"romaji": "One"}, "titles": [{"title": "Eins"}], "genres": ["Drama"],
                                  "format": "TV", "startDate": {"year": 2009}}))
    s.write("list.jsonl", lines({"user": {"name": "a"}, "media": {"id": 1}, "score": 7},
                                {"user": {"name": "b"}, "media": {"id": 1}, "score": 0}))
    s.write("users.jsonl", lines({"name": "b", "favourites": {"anime": [{"id": 1}]}}))
    for name in "media", "list", "users":
        s.run(harness.need("zstd"), "-q", "--rm", s.path(name + ".jsonl"))
    log = ratings.train(s, ratings.example("animed-jsonl.7", "Objects within objects, and arrays of them"))
    assert "2 rows, 1 kept" in log and "1 unrated" in log and "favourites: 1 row, 1 kept" in log, log
    assert "warning" not in log, log


def lines_that_are_none(s: Scratch):
    """A bad line is a malformed row with its number; the rest counts."""
    s.write("animes.jsonl", lines({"uid": 1, "title": "One"}, {"uid": 2, "title": ["a", "b"]}, {"uid": 3, "title": {"x": 1}},
                                  {"uid": "4", "title": "Four"}, {"uid": ["5", "6"], "title": "Five"}))
    s.write("reviews.jsonl", lines(
        rating("a", 1, 5), "", "{\"profile\": \"b\", ", "\x1b[31m nothing", "[1, 2]", rating(None, 1, 5), rating("c", 1.5, 5),
        rating("d", 1, True), "{\"profile\": \"e\", \"profile\": \"f\", \"anime_uid\": 1, \"score\": 5}",
        rating(["g", "h"], 1, 5), rating("i", 1, 6)))
    log = ratings.train(s, SOURCE[:-1] + ", max_rejects: 1}")
    for what in ("animes.jsonl:2: row left out: title (items.title) has several values",
                 "animes.jsonl:3: row left out: title (items.title) is an object",
                 "animes.jsonl:5: row left out: uid (items.item) has several values, of which there can be one: \"\"",
                 "reviews.jsonl:3: row left out: not a JSON object:", "reviews.jsonl:4: row left out: not a JSON object:",
                 "reviews.jsonl:5: row left out: not a JSON object: \"an array\"", "reviews.jsonl:6: row left out: no user",
                 "2 kept", "3 more rows left out"):
        assert what in log, (what, log)
    assert "\x1b" not in log, log
    log = ratings.train(s, SOURCE, status=1)
    assert "animes.jsonl: 3 of 5 rows are malformed, the first on line 2" in log, log


def files_that_are_something_else(s: Scratch):
    """An array, objects over several lines, other keys and other files are told for what they are."""
    s.write("animes.jsonl", lines({"uid": 1, "title": "One"}))
    for text, why in (("[{\"profile\": 1}, {\"profile\": 2}]\n", "reviews.jsonl:1: an array, where one object on each line"),
                      ("[\n{\"profile\": 1},\n{\"profile\": 2}\n]\n", "reviews.jsonl:1: JSON over several lines"),
                      (json.dumps(rating("a", 1, 5), indent=1), "reviews.jsonl:1: JSON over several lines"),
                      (lines({"user": {"id": 1}, "anime_uid": 1, "score": 2}),
                       "reviews.jsonl:1: no column \"profile\"; set ratings.user to one of: user.id, anime_uid, score"),
                      ("profile,anime_uid,score\na,1,5\n", "reviews.jsonl:1: not JSON, where one object on each line"),
                      ("", "no ratings")):
        s.write("reviews.jsonl", text)
        log = ratings.train(s, SOURCE, status=1)
        assert why in log, (why, log)
    log = ratings.train(s, SOURCE.replace("reviews.jsonl", "."), status=1)
    assert "is a directory" in log, log
    log = ratings.train(s, SOURCE.replace("reviews.jsonl", "nowhere.jsonl"), status=1)
    assert "nowhere.jsonl: cannot open: No such file" in log, log


def keys_that_come_late(s: Scratch):
    """A key need not be in the first object; one that is in none is warned of where the configuration names it."""
    s.write("animes.jsonl", lines({"uid": 1, "title": "One"}, {"uid": 2, "title": "Two", "genre": ["Drama"]}))
    s.write("reviews.jsonl", lines(rating("a", 1, 5), rating("b", 2, 6)))
    log = ratings.train(s, SOURCE)
    assert "warning" not in log, log
    with s.daemon():
        assert s.ask("show", "Two")["item"]["genres"] == ["Drama"]
    log = ratings.train(s, SOURCE.replace("animes.jsonl", "animes.jsonl, genres: tags"))
    assert "animes.jsonl: no column \"tags\" (items.genres); going on without" in log, log
    ratings.configure(s, SOURCE)
    out, _ = s.animed("--check-config")
    assert "animes.jsonl: item = uid, title = title; without alt_titles, " in out, out


def large_files(s: Scratch):
    """Several threads read the same rows as one does, and as CSV has, and number the lines alike."""
    users = [f"{u:0100d}" for u in range(300)]
    rows = [(users[(7 * i) % 300], i % 60, 1 + i % 10) for i in range(30000)]
    s.write("animes.csv", "uid,title\n" + "".join(f"{i},Show {i}\n" for i in range(60)))
    s.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"{u},{i},{score}\n" for u, i, score in rows))
    ratings.train(s, "{plugin: csv, items: {path: animes.csv}, ratings: {path: reviews.csv}}")
    s.write("animes.jsonl", lines(*({"uid": i, "title": f"Show {i}"} for i in range(60))))
    text = lines(*(rating(*row) for row in rows)).splitlines(True)
    text[20000] += "\n\nnothing\n"
    s.write("reviews.jsonl", "".join(text))
    for threads in 1, 4:
        log = ratings.train(s, SOURCE, more=f"train: {{threads: {threads}}}\n")
        assert "reviews.jsonl:20004: row left out: not a JSON object" in log, log
    digests = {ratings.model(s, version)[0]["dataset_digest"] for version in (1, 2, 3)}
    assert len(digests) == 1, digests


def other_titles(s: Scratch):
    s.write("names.csv", "id,title\n1001,The First One\n")
    ratings.train(s, ratings.write_jsonl(s).replace("animes.jsonl", "animes.jsonl, titles: names.csv"))
    with s.daemon():
        assert s.ask("show", "The First One")["item"]["id"] == 1001


def rules(s: Scratch):
    """where: leaves objects of other kinds out; several keys can have titles."""
    s.write("i.jsonl", '{"uid": 1, "title": "A", "titles": ["X"], "english": "First"}\n{"uid": 2, "title": "B"}\n')
    s.write("r.jsonl", '{"profile": "a", "anime_uid": 1, "score": 5, "status": "Completed"}\n'
                       '{"profile": "b", "anime_uid": 2, "score": 4, "status": "Planned"}\n'
                       '{"profile": "c", "anime_uid": 2, "score": 3}\n')
    files = ("{plugin: jsonl, ratings: {path: r.jsonl, where: {%s: [completed, dropped]}}, "
             "items: {path: i.jsonl, alt_titles: [titles, english]}}")
    log = ratings.train(s, files % "status")
    assert "ratings: 1 row, 1 kept" in log and ", 2 of other kinds" in log, log
    with s.daemon():
        assert s.ask("show", "id:1")["item"]["alt_titles"] == ["X", "First"]
    log = ratings.train(s, files % "state", status=1)
    assert 'r.jsonl:1: no column "state"; set ratings.where to one of: profile, anime_uid, score, status' in log, log


def favourites(s: Scratch):
    """Lists of ids, or of objects with an id."""
    s.write("animes.jsonl", lines(*({"uid": i, "title": f"Show {i}"} for i in range(9))))
    s.write("reviews.jsonl", lines(rating("a", 1, 5), rating("b", 2, 6)))
    s.write("users.jsonl", lines({"profile": "a", "favorites_anime": [1, 2, "3"]}, {"profile": "c", "favorites_anime": []},
                                 {"profile": "d", "favorites_anime": 4}))
    log = ratings.train(s, SOURCE[:-1] + ", favourites: {path: users.jsonl}}")
    assert "favourites: 3 rows, 3 kept; 1 rated as well" in log, log
    s.write("users.jsonl", lines({"name": "a", "favourites": {"anime": [{"id": 1}, {"id": 2}]}}))
    log = ratings.train(s, SOURCE[:-1] + ", favourites: {path: users.jsonl, user: name, items: favourites.anime.id}}")
    assert "favourites: 1 row, 1 kept; 1 rated as well" in log, log


if __name__ == "__main__":
    harness.main([same_as_csv, packed, examples_of_the_page, objects_within_objects, lines_that_are_none, files_that_are_something_else,
                  keys_that_come_late, large_files, other_titles, favourites, rules])

#!/usr/bin/env python3
"""Other titles from a list beside the catalogue: a CSV file, or the anime-offline-database in each of its forms."""

import ctypes
import gzip
import json
import os
import time

from harness import PLUGINS, Scratch, main

ENTRIES = [
    {"sources": ["https://anidb.net/anime/9", "https://myanimelist.net/anime/1"], "title": "Eins", "type": "TV",
     "episodes": 26, "status": "FINISHED", "animeSeason": {"season": "SPRING", "year": 1998},
     "picture": "https://example.org/1.jpg", "thumbnail": "https://example.org/1t.jpg",
     "synonyms": ["One", "いち", "U|no"], "studios": [], "producers": [], "relatedAnime": [], "tags": ["pirates", "drama"]},
    {"sources": ["https://myanimelist.net/anime/2"], "title": "Zwo", "type": "MOVIE", "episodes": 1,
     "animeSeason": {"season": "UNDEFINED"}, "picture": "", "synonyms": ["Two"], "tags": ["pirates"]},
    {"sources": ["https://kitsu.app/anime/3", "https://myanimelist.net/anime/77"], "title": "Unknown here", "type": "TV",
     "episodes": 0, "animeSeason": {"season": "FALL", "year": 2001}, "synonyms": [], "tags": []},
    {"sources": ["https://kitsu.app/anime/4"], "title": "Of no page", "type": "UNKNOWN", "episodes": 0,
     "animeSeason": {}, "synonyms": ["Drei"], "tags": []},
]


def zstd(data):
    """The bytes as a zstd frame, by the library that the plugins use."""
    lib = ctypes.CDLL("libzstd.so.1")
    lib.ZSTD_compressBound.restype = lib.ZSTD_compress.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(lib.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = lib.ZSTD_compress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)), 3)
    return room.raw[:size]


def configure(s: Scratch, titles):
    """A catalogue that knows little of its shows, and a list beside it."""
    s.write("animes.csv", "uid,title,genre,type,aired\n1,Eins,Drama,,\n2,Zwei,Comedy,OVA,1999\n3,Drei,Comedy,,\n4,Vier,Drama,,\n")
    s.write("reviews.csv", "profile,anime_uid,score\n" + "".join(
        f"u{u},{1 + (u + k) % 4},{1 + (u * 3 + k) % 10}\n" for u in range(20) for k in range(2)))
    s.write("animed.yaml", f"socket: {s.socket}\nmodels: {s.models}\nplugins: {PLUGINS}\nqueries: {{min_ratings: 0, relations: none}}\npipeline:\n"
            f"  source: {{plugin: csv, ratings: {{path: reviews.csv}}, items: {{path: animes.csv, titles: {titles}}}}}\n"
            "  model: {plugin: bias, factors: 4, epochs: 1}\n")


def show(s: Scratch, what):
    return s.ask("show", what)["item"]


def check_database(s: Scratch, name):
    """The list `name`, which has ENTRIES in whatever form, is joined with the catalogue."""
    configure(s, name)
    log = s.animed("train")[1]
    assert "titles: 3 rows; 1 of items that the catalogue does not have, 0 rejected" in log, log
    with s.daemon():
        one, two = show(s, "One"), show(s, "Two")
        assert (one["id"], one["title"], one["alt_titles"]) == (1, "Eins", ["One", "いち", "U no"]), one
        assert (one["type"], one["year"], one["episodes"]) == ("TV", 1998, 26), one
        assert (one["picture"], one["genres"], one["tags"]) == ("https://example.org/1.jpg", ["Drama"], ["pirates", "drama"]), one
        # what the catalogue knows stays
        assert (two["id"], two["type"], two["year"], two["alt_titles"]) == (2, "OVA", 1999, ["Zwo", "Two"]), two
        assert show(s, "Zwo")["id"] == 2
        assert show(s, "Drei")["id"] == 3
        text = s.ctl("show", "Eins")[0]
        assert "Tags       pirates, drama\n" in text and "Picture    https://example.org/1.jpg\n" in text, text
        why = s.ask("similar", "Eins", "--explain")["items"]
        parts = {item["id"]: {part["name"] for part in item["explain"]["parts"] if part["kind"] == "genre"} for item in why}
        assert parts[2] == {"pirates"} and parts[4] == {"Drama"}, parts


def as_json(s: Scratch):
    document = {"$schema": "x", "license": {"name": "made up"}, "scoreRange": {"minInclusive": 1.0}, "data": ENTRIES}
    s.write("names.json", json.dumps(document, ensure_ascii=False, indent=2))
    check_database(s, "names.json")


def as_json_lines(s: Scratch):
    lines = [{"license": {"name": "made up"}, "lastUpdate": "2025-01-01"}] + ENTRIES
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    for name, pack in (("names.jsonl", bytes), ("names.jsonl.gz", gzip.compress), ("packed", zstd)):
        with open(s.path(name), "wb") as file:
            file.write(pack(text.encode()))
        check_database(s, name)


def as_csv(s: Scratch):
    """Several rows of a show, several columns, lists in cells; a row without an id is left out."""
    s.write("names.csv", "id,lang,title_english,synonyms\n1,en,One,\"['Uno', \"\"L'un\"\"]\"\n1,,First,\n2,de,Zwo & Co,\n"
                         "99,,Not here,\n3,,,\n")
    configure(s, "names.csv")
    log = s.animed("train")[1]
    assert "titles: 5 rows; 1 of items that the catalogue does not have, 0 rejected" in log, log
    with s.daemon():
        assert show(s, "Uno")["alt_titles"] == ["One", "Uno", "L'un", "First"]
        assert show(s, "zwo & co")["id"] == 2
        assert show(s, "id:3")["alt_titles"] == []


def ids_and_titles_are_told_from_other_columns(s: Scratch):
    """The ids of MyAnimeList count where a list has ids of its own, and the check says which columns are read."""
    s.write("names.csv", "id,mal_id,username,english_dub,title_count,title_english,Other names\n"
                         "2,1,bob,True,3,Alpha,\n3,2,ann,True,3,Beta,\"['B1', 'B2']\"\n")
    configure(s, "names.csv")
    check = s.animed("--check-config")[0]
    assert f"{s.path('names.csv')}: item = mal_id, titles = title_english, Other names\n" in check, check
    s.animed("train")
    with s.daemon():
        assert show(s, "id:1")["alt_titles"] == ["Alpha"]
        assert show(s, "id:2")["alt_titles"] == ["Beta", "B1", "B2"]


def nothing_of_a_title_moves_the_terminal(s: Scratch):
    """Control characters and turns of direction become blanks, and what is blank is no title."""
    entry = dict(ENTRIES[1], title="Zw\u202eo\n", synonyms=["a\nb", "\u200b ", "c\u001b[2Jd"])
    s.write("names.json", json.dumps([entry]))
    configure(s, "names.json")
    s.animed("train")
    with s.daemon():
        titles = show(s, "id:2")["alt_titles"]
        assert titles == ["Zw   o ", "a b", "c [2Jd"], titles


def many_names_of_one_show(s: Scratch):
    """Each of many names is kept once; what that takes grows with their number, not with its square."""
    names = [f"name {i}" for i in range(100000)] * 2
    s.write("names.json", json.dumps([dict(ENTRIES[1], title="Zwei", synonyms=names)]))
    configure(s, "names.json")
    s.animed("train")
    with s.daemon():
        assert show(s, "id:2")["alt_titles"] == names[:100000]


def a_change_is_seen(s: Scratch):
    """The list is one of the files that a dataset is made of, so that the cache knows whether it has changed."""
    text = "id,title\n" + "".join(f"1,{'long' * 40} {row}\n" for row in range(100000))
    s.write("names.csv", text)
    configure(s, "names.csv")
    for name in ("animes.csv", "reviews.csv", "names.csv"):
        os.utime(s.path(name), (time.time() - 100,) * 2)
    assert "dataset cached" in s.animed("train")[1]
    assert "from the cache" in s.animed("train")[1]
    s.write("names.csv", text + "1,Uno\n")
    os.utime(s.path("names.csv"), (time.time() - 50,) * 2)
    log = s.animed("train")[1]
    assert "names.csv has changed" in log and "from the cache" not in log, log


def what_is_no_list(s: Scratch):
    """There is an error that names the file and says what to do."""
    whole = json.dumps(ENTRIES)
    for text, why in (("[]", 'no entry has an array "sources"'),
                      (json.dumps({"data": [{"title": "x"}]}), 'no entry has an array "sources"'),
                      (json.dumps(ENTRIES[3:]), "no entry has a page on MyAnimeList among its sources"),
                      (whole[:-40], "it ends within an object that begins on line 1; fetch the file again"),
                      ("{}xx{}", "line 1: text that is no object"),
                      (r'[{"sources": [], "title": "\ud800"}]', "1 of 1 rows are malformed, the first on line 1: not JSON:"),
                      ("{} }", 'line 1: a "}" closes nothing'),
                      ("uid,language\n1,en\n", "no column of titles"),
                      ("name,title\nx,y\n", "no column of ids"),
                      ("id,title\nx,y\nz,y\n", "2 of 2 rows are malformed, the first on line 2")):
        s.write("names", text)
        configure(s, "names")
        log = s.animed("train", status=1)[1]
        assert f"error: {s.path('names')}:" in log and why in log, (why, log)
    configure(s, "missing.json")
    log = s.animed("train", status=1)[1]
    assert f"{s.path('missing.json')}: cannot open: No such file or directory" in log, log


main([as_json, as_json_lines, as_csv, ids_and_titles_are_told_from_other_columns, nothing_of_a_title_moves_the_terminal,
      many_names_of_one_show, a_change_is_seen, what_is_no_list])

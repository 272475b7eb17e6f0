#!/usr/bin/env python3
"""Tests animed --check-config: it reads the first rows of the source, and says what would be used of them."""

import os
import re

import harness
import ratings
from harness import Scratch


def check(s: Scratch, source, status=0):
    ratings.configure(s, source)
    return s.animed("--check-config", status=status)


def what_would_be_used(s: Scratch):
    for source in ratings.write_csv(s), ratings.write_sqlite(s):
        out, err = check(s, source)
        assert err == "", err
        assert re.search(r"item = uid, title = title, .*members = members", out), out
        assert "user = profile, item = anime_uid, score = score\n" in out, out
        assert "ratings: 481 rows, " in out and "1 unrated" in out and "catalogue: 60 rows, 60 items" in out, out
        assert out.endswith(f"{s.path('animed.yaml')}: no errors\n"), out
    assert not os.path.exists(s.models)


def what_is_left_out(s: Scratch):
    """Columns that are not there, and the first rows that are malformed, are named; one of something is one."""
    s.write("animes.csv", "uid,title\n1,A\nx,B\n")
    s.write("reviews.csv", "profile,anime_uid,score\na,1,5\n")
    out, _ = check(s, "{plugin: csv, items: {path: animes.csv, genres: tags}, ratings: {path: reviews.csv}, max_rejects: 1}")
    assert "item = uid, title = title; without alt_titles, synopsis, genres, " in out, out
    assert "  warning: " in out and "no column \"tags\" (items.genres); going on without" in out, out
    assert "animes.csv:3: row left out: the id is not a whole number: \"x\"" in out, out
    assert "1 user;" in out and "ratings: 1 row, " in out, out


def large_files(s: Scratch):
    """Of a large file the first rows are read, and the check says so."""
    s.write("animes.csv", "uid,title\n" + "".join(f"{i},Show {i}\n" for i in range(100)))
    s.write("reviews.csv", "profile,anime_uid,score\n" +
            "".join(f"{u},{i},{1 + i % 10}\n" for u in range(12000) for i in range(100)))
    out, _ = check(s, "{plugin: csv, items: {path: animes.csv}, ratings: {path: reviews.csv}}")
    rows = int(re.search(r"ratings: ([\d,]+) rows", out)[1].replace(",", ""))
    assert 1000000 <= rows < 1200000 and "there is more; these are the first 1,000,000 rows of each kind" in out, out
    assert "catalogue: 100 rows" in out, out
    ratings.write_sqlite(s)
    rows = ("with recursive n(i) as (select 0 union all select i + 1 from n where i < 1100000) "
            "select i / 100 as profile, i % 100 as anime_uid, 5 as score from n")
    out, _ = check(s, f"{{plugin: sqlite, database: ratings.db, items: {{query: \"select id - 1000 as uid, title from anime\"}}, "
                      f"ratings: {{query: \"{rows}\"}}}}")
    assert "ratings: 1,000,000 rows, " in out and "there is more; these are the first 1,000,000 rows" in out, out


def a_socket_that_cannot_be(s: Scratch):
    """What would stop the daemon is found before it is started."""
    ratings.configure(s, ratings.write_csv(s))
    with open(s.path("animed.yaml"), encoding="utf-8") as file:
        text = file.read()
    s.write("animed.yaml", "".join(f"socket: {s.path('x' * 120)}/s.sock\n" if line.startswith("socket:") else line
                                   for line in text.splitlines(True)))
    _, err = s.animed("--check-config", status=1)
    assert "bytes, but a socket can have 107; set `socket` to a shorter path" in err, err


def data_that_cannot_be_used(s: Scratch):
    """The configuration is right and the data are not: another exit status, and which part of them."""
    ratings.write_csv(s)
    sqlite = ratings.write_sqlite(s)
    for source, why in (
            ("{plugin: csv, items: {path: nowhere.csv}, ratings: {path: reviews.csv}}", "nowhere.csv: cannot open: No such file"),
            ("{plugin: csv, items: {path: animes.csv}, ratings: {path: animes.csv}}", "no column \"profile\", \"anime_uid\", \"score\"; set ratings.user, "),
            ("{plugin: csv, items: {path: animes.csv}, ratings: {path: .}}", "is a directory"),
            (sqlite.replace("from review", "from reviews"), "ratings.query: no such table: reviews"),
            (sqlite.replace("ratings.db", "nowhere.db"), "nowhere.db: cannot open"),
            ("{plugin: postgres, connection: host=/nowhere user=joe, items: {query: select 1}, ratings: {query: select 1}}",
             "postgres: connection to server on socket")):
        out, err = check(s, source, status=1)
        assert re.search(r"^animed: error: source: .*" + re.escape(why), err) and err.count("\n") == 1, err
        assert "no errors" not in out, out
    _, err = check(s, "{plugin: csv, items: {path: nowhere.csv}}", status=2)
    assert "ratings.path" in err and "nowhere" not in err, err


def the_scale_of_the_scores(s: Scratch):
    """The check says which scores there are, and warns of what looks like a mark for shows that were not rated."""
    s.write("animes.csv", "uid,title\n1,A\n2,B\n")
    lists = "{plugin: csv, items: {path: animes.csv}, ratings: {path: reviews.csv%s}}"
    for scores, more, said, warned in (([8, 9] * 5, "", "scores: from 8 to 9\n", None),
                                       ([8, 9] * 5, ", range: [1, 10]", "scores: from 8 to 9, of a scale from 1 to 10\n", None),
                                       ([-1, 7, 8, 9], "", "scores: from -1 to 9\n", "the score -1 is in 1 row (25 %)"),
                                       ([0, 0, 8, 9], "", "scores: from 0 to 9\n", "the score 0 is in 2 rows (50 %)"),
                                       ([0] + [8, 9] * 9, "", "scores: from 0 to 9\n", None),
                                       ([-1, 7], ", range: [-1, 10]", "scores: from -1 to 7, of a scale from -1 to 10\n", None),
                                       ([-10, -1, 7], "", "scores: from -10 to 7\n", None)):
        s.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"u{u},{1 + u % 2},{score}\n" for u, score in enumerate(scores)))
        out, _ = check(s, lists % more)
        assert said in out, out
        assert (warned in out and "set ratings.unrated: " + warned.split()[2] in out) if warned else "warning" not in out, out


def a_scale_that_is_given(s: Scratch):
    """Who asks may give any score of the scale, though the data have only some of them."""
    s.write("animes.csv", "uid,title\n1,Alpha\n2,Beta\n3,Gamma\n")
    s.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"u{u},{1 + (u + k) % 3},{8 + (u + k) % 2}\n" for u in range(9) for k in range(2)))
    for given, status in ("", 1), (", range: [1, 10]", 0):
        ratings.configure(s, f"{{plugin: csv, items: {{path: animes.csv}}, ratings: {{path: reviews.csv{given}}}}}")
        s.animed("train")
        with s.daemon():
            said = s.ctl("recommend", "Alpha=2", "--sequels", "show", status=status)
            assert status == 0 or "must be a number from 8 to 9" in said[1], said


def passwords(s: Scratch):
    """The configuration is printed without the password in a connection, and with all else."""
    for connection, shown in (("postgresql://joe:s3cr3t@host/db?connect_timeout=3", "postgresql://joe:***@host/db?connect_timeout=3"),
                              ("user=joe password='s3cr3t' host=h", "user=joe password=*** host=h"), ("anime", "connection: anime"),
                              ("postgresql://h/d?pass%77ord=s3cr3t", "postgresql://h/d?pass%77ord=***"),
                              ("host=h passwort=s3cr3t", "host=h passwort=***")):
        ratings.configure(s, f"{{plugin: postgres, connection: \"{connection}\", items: {{query: select 1}}, ratings: {{query: select 1}}}}")
        out, err = s.animed("--show-config")
        assert shown in out and "s3cr3t" not in out + err, out


def values_of_another_kind(s: Scratch):
    """A value that is more or less than what can be read is refused, with what is expected."""
    ratings.write_csv(s)
    csv = "{plugin: csv, items: {path: animes.csv%s}, ratings: {path: reviews.csv%s}}"
    for items, reviews, why in (("", ", range: [1, 2, 3]", '"[1, 2, 3]" is not [low, high]'),
                                ("", ", range: [1, 10] x", "not YAML"), ("", ", range: \"[1, 2\"", "is not [low, high]"),
                                ("", ", unrated: [[1]]", "ratings.unrated: the list has more in it than single values"),
                                (", alt_titles: [{a: b}]", "", "items.alt_titles: the list has more in it"),
                                ("", ", where: {status: []}", "with one value or more for each column")):
        _, err = check(s, csv % (items, reviews), status=2)
        assert why in err, err
    out, err = check(s, csv % (", alt_titles: [a, b, c, d, e]", ""), status=1)
    assert "items.alt_titles: 5 columns; up to 4 are read" in err, err
    _, err = check(s, "{plugin: csv, items: {path: animes.csv}, ratings: reviews.csv}", status=2)
    assert "ratings: a mapping is expected here, such as {path: reviews.csv}" in err, err
    s.write("animed.yaml", "pipeline:\n\tsource: x\n")
    assert "animed.yaml:2:1: not YAML: a tab; indent with blanks" in s.animed("--check-config", status=2)[1]


def one_pipe(s: Scratch):
    """In one pipe the error comes after what was said before it."""
    ratings.configure(s, "{plugin: csv, items: {path: animes.csv}, ratings: {path: nowhere.csv}}")
    s.write("animes.csv", "uid,title\n1,A\n")
    out, _ = s.run("sh", "-c", f"{harness.ANIMED} -c {s.path('animed.yaml')} --check-config 2>&1 | cat")
    assert out.rstrip().splitlines()[-1].startswith("animed: error: source:"), out


def no_control_characters(s: Scratch):
    """Whatever is in a file or in the configuration, a message does not move the cursor."""
    s.write("animes.csv", "uid,title\n1,A\n\x1b[2Jx,B\n")
    s.write("reviews.csv", "profile,anime_uid,score\na,1,5\n")
    out, err = check(s, "{plugin: csv, items: {path: animes.csv, genres: \"\\e[2J\"}, ratings: {path: reviews.csv}, max_rejects: 1}")
    assert "\x1b" not in out + err and "no column \" [2J\"" in out, out
    for source, status in ("{plugin: csv, items: {path: animes.csv}, ratings: {path: \"\\e[2J\"}}", 1), ("{plugin: \"\\e[2J\"}", 2):
        out, err = check(s, source, status)
        assert "\x1b" not in out + err and " [2J" in err, err


def a_plugin_that_is_misspelt(s: Scratch):
    """Where a name is near, it is named alone."""
    ratings.write_csv(s)
    _, err = check(s, "{plugin: cvs, items: {path: animes.csv}, ratings: {path: reviews.csv}}", status=2)
    assert "did you mean \"csv\"?" in err and "it has" not in err, err
    _, err = check(s, "{plugin: xylophone, items: {path: animes.csv}, ratings: {path: reviews.csv}}", status=2)
    assert "it has: " in err and "sqlite" in err, err


if __name__ == "__main__":
    harness.main([what_would_be_used, what_is_left_out, large_files, a_socket_that_cannot_be,
                  data_that_cannot_be_used, the_scale_of_the_scores, a_scale_that_is_given, passwords, values_of_another_kind, one_pipe, no_control_characters, a_plugin_that_is_misspelt])

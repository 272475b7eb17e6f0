#!/usr/bin/env python3
"""Trains on a SQLite database: the same as on CSV files, while others write it, and with a word about what is wrong."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time

import harness
import ratings
from harness import Scratch

ITEMS = "items: {query: \"select *, id as uid from anime\"}"


def source(query, items=ITEMS, more=""):
    return f"{{plugin: sqlite, database: ratings.db, {items}, ratings: {{query: \"{query}\"{more}}}}}"


def same_as_csv(s: Scratch):
    log = ratings.expect_same_as_csv(s, ratings.write_sqlite(s))
    assert "481 rows, " in log and "1 unrated" in log, log


def columns_by_parameters(s: Scratch):
    """The columns of a result are named as those of a CSV file are."""
    ratings.write_sqlite(s)
    ratings.expect_same_as_csv(s, "{plugin: sqlite, database: ratings.db, items: {query: select * from anime;, item: id}, "
                                  "ratings: {query: select * from review -- all, user: u, item: a, score: s, unrated: -1}, "
                                  "favourites: {query: select * from fan, user: u, items: a}}")


def examples_of_the_page(s: Scratch):
    with sqlite3.connect(s.path("ratings.db")) as db:
        db.executescript("create table animes(uid, title); insert into animes values (1, 'One');"
                         "create table reviews(profile, anime_uid, score); insert into reviews values ('a', 1, 7), ('b', 1, 8);")
    log = ratings.train(s, ratings.example("animed-sqlite.7", "A database with the columns that the plugin expects"))
    assert "2 rows, 2 kept" in log and "warning" not in log, log
    with sqlite3.connect(s.path("media.db")) as db:
        db.executescript("create table anime(id, name, year); insert into anime values (1, 'One', 2009), (2, 'Two', 2010);"
                         "create table genre(anime, name); insert into genre values (1, 'Drama'), (1, 'Slice of Life');"
                         "create table rating(user_id, anime, stars); insert into rating values (1, 1, 4.5), (1, 2, 0), (2, 2, 3);"
                         "create table favourite(user_id, anime); insert into favourite values (2, 1);")
    log = ratings.train(s, ratings.example("animed-sqlite.7", "Tables of another kind"))
    assert "2 rows, 2 kept" in log and "favourites: 1 row, 1 kept" in log and "warning" not in log, log
    with s.daemon():
        item = s.ask("show", "One")["item"]
        assert item["genres"] == ["Drama", "Slice of Life"] and item["year"] == 2009, item


def other_titles(s: Scratch):
    """A list of titles beside the database gives other titles, and its changes count."""
    yaml = ratings.write_sqlite(s).replace("items: {", "items: {titles: names.csv, ")
    s.write("names.csv", "id,title\n1001,The First One\n")
    ratings.train(s, yaml)
    with s.daemon():
        assert s.ask("show", "The First One")["item"]["id"] == 1001
    first = fingerprint(s, yaml)[0]
    s.write("names.csv", "id,title\n1001,The Very First\n")
    assert fingerprint(s, yaml)[0] not in (None, first)


def refused(s: Scratch):
    """Whatever is no SELECT, or no database, is refused with a word about what and where, and nothing is changed."""
    ratings.write_sqlite(s)
    with open(s.path("ratings.db"), "rb") as file:
        before = file.read()
    for query, why in (("select u as profile,\\n missing as x from review", "ratings.query, line 2, column 2: no such column: missing"),
                       ("selec u from review", "ratings.query, line 1, column 1: near \"selec\": syntax error"),
                       ("delete from review", "ratings.query: is not a SELECT"),
                       ("delete from review returning u, a, s", "ratings.query: is not a SELECT"),
                       ("pragma journal_mode=wal", "ratings.query: is not a SELECT"),
                       ("attach 'other.db' as o", "ratings.query: is not a SELECT"),
                       ("explain select * from review", "ratings.query: is not a SELECT"),
                       ("select u from review; drop table review", "ratings.query: has more than one statement"),
                       ("", "ratings.query: is empty"),
                       ("select u, a, s from review", "ratings.query: no column \"profile\", \"anime_uid\", \"score\"; set ratings.user, ratings.item, ratings.score to some of: u, a, s"),
                       ("select u as profile, a as anime_uid, s as score from nowhere", "no such table: nowhere"),
                       ("select u as profile, a as anime_uid, abs(-9223372036854775807 - 1) as score from review",
                        "ratings.query: integer overflow")):
        log = ratings.train(s, source(query), status=1)
        assert why in log, (why, log)
    with open(s.path("ratings.db"), "rb") as file:
        assert file.read() == before
    assert not os.path.exists(s.path("other.db"))
    for text, why in (("profile,anime_uid\n" * 99, "is no SQLite database"), ("", "the file is empty")):
        s.write("ratings.db", text)
        assert "ratings.db: " + why in ratings.train(s, source("select 1"), status=1)
    os.remove(s.path("ratings.db"))
    assert "ratings.db: cannot open: No such file" in ratings.train(s, source("select 1"), status=1)
    os.mkdir(s.path("ratings.db"))
    assert "ratings.db: is a directory" in ratings.train(s, source("select 1"), status=1)


def databases_that_are_not_whole(s: Scratch):
    """A damaged database, and one whose writer was killed in the middle of a transaction, are told as that."""
    yaml = ratings.write_sqlite(s)
    with open(s.path("ratings.db"), "rb+") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    assert "the database is damaged" in ratings.train(s, yaml, status=1)
    os.remove(s.path("ratings.db"))
    ratings.write_sqlite(s)
    writer = sqlite3.connect(s.path("ratings.db"), isolation_level=None)
    writer.execute("pragma cache_size = 1")
    writer.execute("pragma cache_spill = 1")
    writer.execute("begin")
    writer.execute("create table filling as with recursive n(i) as (select 1 union all select i + 1 from n where i < 9999) "
                   "select i, hex(randomblob(100)) from n")
    writer.execute("update review set s = 1")
    for suffix in "", "-journal":
        shutil.copy(s.path("ratings.db" + suffix), s.path("killed.db" + suffix))
    writer.execute("rollback")
    writer.close()
    log = ratings.train(s, yaml.replace("ratings.db", "killed.db"), status=1)
    assert "killed.db: " in log and "where a program that wrote it was killed, open it once with that program" in log, log
    ratings.train(s, yaml)


def cancelled(s: Scratch):
    """SIGINT ends a query that gives no row for long."""
    ratings.write_sqlite(s)
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select i as profile, i as anime_uid, 1 as score from n"
    ratings.configure(s, source(endless + " where i < 0"), more="log: debug\n")
    process = subprocess.Popen([harness.ANIMED, "-c", s.path("animed.yaml"), "train"], env=s.env, stderr=subprocess.PIPE, text=True)
    with harness.limit("the query to run"):
        while "ratings.query: user = profile" not in (line := process.stderr.readline()):
            assert line, "animed ended"
    process.send_signal(signal.SIGINT)
    with harness.limit("animed to end"):
        _, err = process.communicate()
    assert process.returncode == 1 and "error: cancelled" in err, err


def cells_of_all_types(s: Scratch):
    """NULL is an absent cell, numbers are numbers whatever their type, and a blob makes its row malformed."""
    ratings.write_sqlite(s)
    with sqlite3.connect(s.path("ratings.db")) as db:
        db.execute("create table mixed(profile, anime_uid, score, other)")
        rows = [(1, 1001, 7, None), (2.5, "1002", "8", b"\x00"), ("a", 1003.0, 9.0, None), (b"raw", 1006, 5, None),
                ("b\x01\x1b", "x\x1b[2J", 5, None), (None, 1001, 5, None), ("c", 1001, "ten", None)]
        db.executemany("insert into mixed values(?, ?, ?, ?)", rows)
    db.close()
    log = ratings.train(s, source("select * from mixed")[:-1] + ", max_rejects: 1}")
    assert "row 4 of ratings.query: row left out: a blob, where text or a number belongs, in \"profile\"" in log, log
    assert "row 5 of ratings.query: row left out: " in log and "\x1b" not in log, log
    assert "row 6 of ratings.query: row left out: no user" in log, log
    log = ratings.train(s, source("select * from mixed"), status=1)
    assert re.search(r"\d of 7 rows are malformed, the first is row \d: .*; mend the query", log), log


def rules(s: Scratch):
    """where: leaves rows of other kinds out of what a query gives."""
    with sqlite3.connect(s.path("x.db")) as db:
        db.executescript("create table i (uid, title); insert into i values (1, 'A&deg;'), (2, 'B');"
                         "create table r (profile, anime_uid, score, status);"
                         "insert into r values ('a', 1, 5, 'Completed'), ('b', 2.0, 4, 'Planned'), ('c', 1, null, 2)")
    db.close()
    queries = ("{plugin: sqlite, database: x.db, items: {query: select * from i}, "
               "ratings: {query: select * from r, where: {status: [completed, 2]}}}")
    log = ratings.train(s, queries)
    assert "ratings: 2 rows, 1 kept; 0 repeats (the last counts), 0 rejected, 1 unrated, 1 of other kinds" in log, log


def fingerprint(s: Scratch, yaml):
    """Train.  Returns the fingerprint of the source that the model has, and whether the cache was used."""
    log = ratings.train(s, yaml)
    version = max(int(name.split(".")[0]) for name in os.listdir(s.models) if name.endswith(".safetensors"))
    return ratings.model(s, version)[0].get("source_fingerprint"), "from the cache" in log


def every_commit_is_seen(s: Scratch):
    """A commit in WAL mode leaves the database file as it is, and changes the fingerprint all the same."""
    yaml = ratings.write_sqlite(s, wal=True)
    first = fingerprint(s, yaml)
    assert len(first[0]) == 16 and first == fingerprint(s, yaml), first
    before = os.stat(s.path("ratings.db"))
    seen = {first[0]}
    writer = sqlite3.connect(s.path("ratings.db"), isolation_level=None)
    for score in 3, 4, 5:
        writer.execute(f"insert or replace into review values('new', 1001, {score})")
        # whatever the clock says
        os.utime(s.path("ratings.db-wal"), ns=(before.st_mtime_ns,) * 2)
        now = fingerprint(s, yaml)[0]
        assert now not in seen and now == fingerprint(s, yaml)[0], seen
        seen.add(now)
    assert os.stat(s.path("ratings.db")).st_mtime_ns == before.st_mtime_ns
    writer.close()
    assert fingerprint(s, yaml.replace("from review", "from review where date('now') > '1'"))[0] is None


def the_schedule_sees_a_commit(s: Scratch):
    """A training on schedule is left out until somebody commits, in WAL mode too."""
    yaml = ratings.write_sqlite(s, wal=True)
    writer = sqlite3.connect(s.path("ratings.db"), isolation_level=None)
    writer.execute("insert into review values('new', 1001, 3)")
    ratings.train(s, yaml, more="retrain: {every: 1s}\nstore: {watch: false}\n")
    with s.daemon() as daemon:
        daemon.wait_for("left out, the source is as it was")
        daemon.wait_for("left out, the source is as it was")
        writer.execute("insert into review values('new', 1002, 4)")
        daemon.wait_for("retrain: started by the schedule")
        daemon.wait_for("left out, the source is as it was")
    writer.close()


def large_ones_are_cached(s: Scratch):
    """The cache is used until a commit, which need not change the database file."""
    yaml = ratings.write_sqlite(s, wal=True)
    with sqlite3.connect(s.path("ratings.db")) as writer:
        writer.execute("create table filling(bytes blob)")
        writer.execute("insert into filling values(zeroblob(17000000))")
    writer.execute("pragma wal_checkpoint(truncate)")
    os.utime(s.path("ratings.db"), (time.time() - 10,) * 2)
    assert not fingerprint(s, yaml)[1]
    assert os.path.exists(s.path("ratings.db.animed-cache"))
    assert fingerprint(s, yaml)[1]
    writer.execute("insert into review values('new', 1001, 3)")
    writer.commit()
    assert not fingerprint(s, yaml)[1]
    assert fingerprint(s, yaml)[1]
    writer.close()


def while_it_is_written(s: Scratch):
    """In WAL mode the rows are those of one moment, whoever has the database open, and no file is left beside it."""
    yaml = ratings.write_sqlite(s, wal=True)
    names = sorted(os.listdir(s.home))
    ratings.train(s, yaml)
    assert sorted(set(os.listdir(s.home)) - set(names)) == ["animed.yaml", "models"], os.listdir(s.home)
    writer = sqlite3.connect(s.path("ratings.db"), isolation_level=None)
    writer.execute("insert into review values('new', 1001, 3)")
    writer.execute("begin immediate")
    writer.execute("delete from review")
    log = ratings.train(s, yaml)
    assert "482 rows, " in log, log
    writer.execute("rollback")
    writer.close()
    assert sorted(set(os.listdir(s.home)) - set(names)) == ["animed.yaml", "models"], os.listdir(s.home)


if __name__ == "__main__":
    harness.main([same_as_csv, columns_by_parameters, examples_of_the_page, other_titles, refused, databases_that_are_not_whole,
                  cancelled, cells_of_all_types, while_it_is_written, every_commit_is_seen,
                  the_schedule_sees_a_commit, large_ones_are_cached, rules])

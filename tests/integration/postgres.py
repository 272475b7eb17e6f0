#!/usr/bin/env python3
"""Trains on a PostgreSQL server, which it starts in the scratch directory."""

import os
import signal
import socket
import subprocess

import harness
import ratings
from harness import Scratch
from pgserver import SECRET, Server


def source(query, connection="", more=""):
    return (f"{{plugin: postgres, connection: \"{connection}\", items: {{query: select * from anime}}, "
            f"ratings: {{query: \"{query}\"}}{more}}}")


REVIEWS = "select u as profile, a as anime_uid, s as score from review"


def same_as_csv(s: Scratch):
    with Server(s) as server:
        log = ratings.expect_same_as_csv(s, ratings.write_postgres(s, server))
        assert "481 rows, " in log and "1 unrated" in log, log
        s.write("names.csv", "id,title\n1001,The First One\n")
        ratings.train(s, source(REVIEWS).replace("items: {", "items: {titles: names.csv, "))
        with s.daemon():
            assert s.ask("show", "The First One")["item"]["id"] == 1001


def examples_of_the_page(s: Scratch):
    with Server(s) as server:
        server.sql("create table animes(uid int, title text); insert into animes values (1, 'One');"
                   "create table reviews(profile text, anime_uid int, score int);"
                   "insert into reviews values ('a', 1, 7), ('b', 1, 8);")
        log = ratings.train(s, ratings.example("animed-postgres.7", "A database on this machine"))
        assert "2 rows, 2 kept" in log and "warning" not in log, log
        server.sql("create table anime(id int, name text, genres text[], first_aired date);"
                   "insert into anime values (1, 'One', '{Drama}', '2009-01-02'), (2, 'Two', null, null);"
                   "create table rating(user_id int, anime_id int, stars real, updated_at timestamptz);"
                   "insert into rating values (1, 1, 4.5, now()), (1, 2, 0, now()), (2, 2, 3, now());"
                   "create table favourite(user_id int, anime_id int); insert into favourite values (2, 1), (3, 2), (3, 1);")
        yaml = ratings.example("animed-postgres.7", "Another machine and other tables")
        assert "postgresql://animed@db.example.org/media?sslmode=require\n" in yaml
        log = ratings.train(s, yaml.replace("postgresql://animed@db.example.org/media?sslmode=require", "anime"))
        assert "2 rows, 2 kept" in log and "favourites: 2 rows, 3 kept" in log and "warning" not in log, log


def types_of_the_server(s: Scratch):
    """Arrays are lists, dates have their year whatever the server's style is, and NULL is an absent cell."""
    with Server(s) as server:
        server.sql("alter database anime set datestyle = 'German'")
        server.sql("create table anime(uid int, title text, genre text[], alt_titles varchar[], aired date, raw bytea)")
        server.sql("insert into anime values (1, 'One', '{Drama,\"Slice of Life\",NULL}', '{Re:Eins,\"U \\\"n\\\"\"}', '2009-04-05', 'x'),"
                   "(2, 'Two', '{}', null, null, null)")
        server.sql("create table review(profile int, anime_uid numeric, score numeric)")
        server.sql("insert into review values (1, 1, 7.50), (2, 2, 8), (3, 1, null)")
        log = ratings.train(s, source("select * from review where score is not null"))
        assert "2 kept" in log, log
        with s.daemon():
            item = s.ask("show", "One")["item"]
            assert item["genres"] == ["Drama", "Slice of Life"] and item["year"] == 2009, item
            assert item["alt_titles"] == ["Re:Eins", 'U "n"'], item
        log = ratings.train(s, source("select 'a' as profile, 1 as anime_uid, raw as score from anime"), status=1)
        assert 'ratings.query: the column "score" is of type bytea; convert it to text' in log, log


def refused(s: Scratch):
    """What is no SELECT is not run, and what is wrong is told with its place, in one line."""
    with Server(s) as server:
        ratings.write_postgres(s, server)
        for query, why in (
                ("select u as profile,\\n  missing from review", "error: ratings.query, line 2, column 3: column \"missing\" "
                                                                "does not exist (SQLSTATE 42703)"),
                ("delete from review", "ratings.query: is not a SELECT"),
                ("with gone as (delete from review returning *) select * from gone", "(SQLSTATE 0A000)"),
                ("commit", "ratings.query: is not a SELECT"),
                ("", "ratings.query: is not a SELECT"),
                ("select 1; delete from review", "cannot insert multiple commands"),
                ("select nextval('s') as profile, 1 as anime_uid, 1 as score", "read-only transaction (SQLSTATE 25006); the source only reads"),
                ("select u from review; -- all", "ratings.query: no column \"profile\", \"anime_uid\", \"score\"; set ratings.user, ratings.item, "
                 "ratings.score to some of: u"),
                ("select 1/0 as profile, 1 as anime_uid, 1 as score", "division by zero (SQLSTATE 22012)"),
                ("select * from secrets", "relation \"secrets\" does not exist (SQLSTATE 42P01)")):
            if "nextval" in query:
                server.sql("create sequence s")
            log = ratings.train(s, source(query), status=1)
            errors = [line for line in log.splitlines() if "error: " in line]
            assert len(errors) == 1 and why in errors[0], (why, log)
        assert server.sql("select count(*) from review") == "481"
        log = ratings.train(s, source("select * from (values (1, 2, 'ten')) as v(profile, anime_uid, score)"), status=1)
        assert "row 1 of ratings.query: row left out: " in log, log


def connections(s: Scratch):
    """Connection strings, URIs and names of databases are taken; what cannot be reached is told within the time."""
    with Server(s) as server:
        ratings.write_postgres(s, server)
        server.sql("grant select on all tables in schema public to joe")
        host = s.path("pg")
        for connection in ("", "anime", f"host={host} user=anime dbname=anime", f"postgresql:///anime?host={host}&user=anime",
                           f"postgresql://joe:{SECRET}@/anime?host={host}", f"user=joe password = '{SECRET}' dbname=anime"):
            log = ratings.train(s, source(REVIEWS + " where s > 0", connection))
            assert "ratings: " in log, log
            assert SECRET not in log, log
            shown = s.animed("--show-config")[0]
            assert SECRET not in shown and ("joe" not in connection or "***" in shown), shown
        for name in os.listdir(s.models):
            with open(s.path("models/" + name), "rb") as file:
                assert SECRET.encode() not in file.read(), name
        for connection, why in (("user=joe dbname=anime", "put it into ~/.pgpass"),
                                (f"user=joe password={SECRET}x dbname=anime", "password authentication failed for user"),
                                (f"password=a{SECRET} and{SECRET} b", "neither a URI nor KEY=VALUE pairs"),
                                ("hots=x", "invalid connection option \"hots\""),
                                ("dbname=nowhere", "database \"nowhere\" does not exist"),
                                ("host=/nowhere", "No such file or directory")):
            log = ratings.train(s, source(REVIEWS, connection), status=1)
            assert "error: postgres: " in log and why in log and log.count("\n") == 1, (why, log)
            assert SECRET not in log, log


def a_server_that_is_silent(s: Scratch):
    """The wait for a connection ends."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(s.path(".s.PGSQL.5432"))
        listener.listen()
        log = ratings.train(s, source(REVIEWS, f"host={s.home} user=joe connect_timeout=1"), status=1)
        assert "the server does not answer" in log, log


def cancelled(s: Scratch):
    """SIGINT ends the query, on the server too."""
    with Server(s) as server:
        ratings.write_postgres(s, server)
        ratings.configure(s, source("select pg_sleep(600)::text as profile, 1 as anime_uid, 1 as score"))
        process = subprocess.Popen([harness.ANIMED, "-c", s.path("animed.yaml"), "train"], env=s.env,
                                   stderr=subprocess.PIPE, text=True)
        active = "select count(*) from pg_stat_activity where application_name = 'animed' and wait_event = 'PgSleep'"
        harness.until(lambda: server.sql(active) == "1", "the query to run")
        process.send_signal(signal.SIGINT)
        with harness.limit("animed to end"):
            _, err = process.communicate()
        assert process.returncode == 1 and "cancelled" in err, err
        harness.until(lambda: server.sql(active) == "0", "the query to end")


def every_commit_is_seen(s: Scratch):
    """The fingerprint of the source changes with a commit, or with the answer of the query for that."""
    def fingerprint(more=""):
        ratings.train(s, source(REVIEWS, more=more))
        version = max(int(name.split(".")[0]) for name in os.listdir(s.models) if name.endswith(".safetensors"))
        return ratings.model(s, version)[0].get("source_fingerprint")

    with Server(s) as server:
        ratings.write_postgres(s, server)
        first, own = fingerprint(), fingerprint(", changed: select max(s) from review")
        assert len({first, own}) == 2 and first == fingerprint(), first
        server.sql("update review set s = 3 where u = 'user 1'")
        assert fingerprint() not in (None, first)
        assert fingerprint(", changed: select max(s) from review") == own
        server.sql("update review set s = 11 where u = 'user 1'")
        assert fingerprint(", changed: select max(s) from review") != own
        log = ratings.train(s, source(REVIEWS, more=", changed: select max(t) from review"), status=1)
        assert "error: changed, line 1, column 12: column \"t\" does not exist" in log, log


if __name__ == "__main__":
    harness.main([same_as_csv, examples_of_the_page, types_of_the_server, refused, connections, a_server_that_is_silent, cancelled,
                  every_commit_is_seen])

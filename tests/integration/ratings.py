"""Made-up shows and ratings, for the tests of the sources: the same in CSV files, in a database, as JSON lines."""

import csv
import io
import json
import os
import re
import sqlite3
import textwrap

from harness import PLUGINS, SRCDIR

ITEMS = ("uid", "title", "alt_titles", "synopsis", "genre", "type", "aired", "episodes", "members")
RATINGS = ("profile", "anime_uid", "score")
FAVOURITES = ("profile", "favorites_anime")


def items():
    """Rows of items, by the columns of ITEMS; None is what is not known."""
    rows = [(1000 + i, f"Show {i}", None, f"It is about {i % 7}.", "Drama|Sci-Fi" if i % 2 else "Comedy",
             "TV" if i % 3 else "Movie", f"{1990 + i % 30}-04-05", 12 + i % 13, 100 * i) for i in range(60)]
    rows[3] = (1003, 'A "quoted", name', "Zitat|引用", "Two lines\nand a tab\tin one.", None, None, None, None, None)
    rows[4] = (1004, "進撃の巨人", "Attack on Titan", None, "Action", "TV", "2013", 25, 3000000)
    rows[5] = (9007199254740993, "An id beyond 2^53", None, "", "Drama", "OVA", "1988", 1, 1)
    return rows


def ratings():
    """Rows of ratings, by the columns of RATINGS, some of which are repeated, unrated, or of unknown items."""
    shows = [row[0] for row in items()]
    rows = [(f"user {u}", shows[(u * 7 + k * k) % 60], 1 + (u + 3 * k) % 10 + (0.5 if k == 1 and u % 2 else 0))
            for u in range(40) for k in range(12)]
    rows[10] = ("名前", 1004, 7.5)
    rows[11] = ('o"brien, x', 1003, 9)
    rows[20] = ("user 1", 777, 5)
    rows[21] = ("user 2", 1009, -1)
    rows.append(rows[0][:2] + (2,))
    return rows


def favourites():
    """Rows of favourites, by the columns of FAVOURITES: of users with ratings and without, one an item is in the ratings."""
    return [("user 3", [1001, 1002, 1059]), ("名前", [1004]), ("a fan", [1005, 9007199254740993, 12345]), ("nobody", [])]


def pairs():
    """The same, a row for each user and item."""
    return [(user, item) for user, list_ in favourites() for item in list_]


def write_csv(scratch):
    """Write CSV files.  Returns the source as YAML."""
    for name, columns, rows in ("animes", ITEMS, items()), ("reviews", RATINGS, ratings()), ("users", FAVOURITES, favourites()):
        with open(scratch.path(name + ".csv"), "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
    return "{plugin: csv, items: {path: animes.csv}, ratings: {path: reviews.csv, unrated: -1}, favourites: {path: users.csv}}"


def write_sqlite(scratch, name="ratings.db", wal=False):
    """Write a database with the tables anime and review, whose columns are named otherwise.  Returns the source."""
    with sqlite3.connect(scratch.path(name)) as db:
        if wal:
            db.execute("pragma journal_mode=wal")
        db.execute("create table anime(id integer, title text, alt_titles text, synopsis text, genre text, type text, "
                   "aired text, episodes integer, members integer)")
        db.execute("create table review(u text, a integer, s real)")
        db.execute("create table fan(u text, a integer)")
        db.executemany("insert into anime values(?, ?, ?, ?, ?, ?, ?, ?, ?)", items())
        db.executemany("insert into review values(?, ?, ?)", ratings())
        db.executemany("insert into fan values(?, ?)", pairs())
    db.close()
    return (f"{{plugin: sqlite, database: {name}, items: {{query: \"select *, id as uid from anime\"}}, "
            "ratings: {query: \"select u as profile, a as anime_uid, s as score from review\", unrated: -1}, "
            "favourites: {query: \"select u as profile, a as favorites_anime from fan\"}}")


def write_postgres(scratch, server):
    """Make the tables anime and review in the database of the server.  Returns the source."""
    server.sql("create table anime(uid bigint, title text, alt_titles text, synopsis text, genre text, type text, "
               "aired text, episodes int, members bigint); create table review(u text, a bigint, s real, n serial); "
               "create table fan(u text, a bigint)")
    for table, rows in ("anime", items()), ("review (u, a, s)", ratings()), ("fan", pairs()):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        server.sql(f"copy {table} from stdin (format csv);\n{text.getvalue()}\\.\n")
    return ("{plugin: postgres, items: {query: select * from anime}, ratings: {query: \"select u as profile, a as anime_uid,"
            " s as score from review order by n\", unrated: -1}, "
            "favourites: {query: \"select u as profile, array_agg(a) as favorites_anime from fan group by u\"}}")


def write_jsonl(scratch):
    """Write files of JSON lines.  Returns the source."""
    for name, columns, rows in ("animes", ITEMS, items()), ("reviews", RATINGS, ratings()), ("users", FAVOURITES, favourites()):
        with open(scratch.path(name + ".jsonl"), "w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(dict(zip(columns, row)), ensure_ascii=False) + "\n")
    return "{plugin: jsonl, items: {path: animes.jsonl}, ratings: {path: reviews.jsonl, unrated: -1}, favourites: {path: users.jsonl}}"


def example(page, title):
    """The source in the example of a manual page under the paragraph that begins with `title`."""
    with open(os.path.join(SRCDIR, "plugins", page), encoding="utf-8") as file:
        yaml = re.search(re.escape(title) + r"[^\n]*\n\.PP\n\.nf\nsource:(.*?)\.fi", file.read(), re.S)[1]
    return textwrap.indent(yaml, "  ").lstrip(" ") if yaml.startswith("\n") else yaml


def configure(scratch, source, more=""):
    scratch.write("animed.yaml", f"models: {scratch.models}\nplugins: {PLUGINS}\nsocket: {scratch.socket}\n"
                                 f"pipeline:\n  source: {source}\n  model: {{plugin: bias, factors: 4, epochs: 2}}\n{more}")


def train(scratch, source, status=0, more=""):
    """Train with the source.  Returns the log."""
    configure(scratch, source, more)
    return scratch.animed("train", status=status)[1]


def model(scratch, version):
    """The metadata of a model, and its tensors as bytes."""
    with open(scratch.path(f"models/{version}.safetensors"), "rb") as file:
        data = file.read()
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8:8 + length])["__metadata__"], data[8 + length:]


def expect_same_as_csv(scratch, source):
    """Train with CSV files and with the source: the dataset is the same, and the model file but for source and time."""
    train(scratch, write_csv(scratch))
    log = train(scratch, source)
    (csv_metadata, csv_tensors), (metadata, tensors) = model(scratch, 1), model(scratch, 2)
    assert metadata["dataset_digest"] == csv_metadata["dataset_digest"], log
    assert re.search(r"favourites: \d rows, 3 kept; 2 rated as well \(the rating counts\), 2 of unknown items", log), log
    assert tensors == csv_tensors, "another model than from CSV files"
    differ = {key for key in metadata.keys() | csv_metadata.keys() if metadata.get(key) != csv_metadata.get(key)}
    assert differ <= {"source_fingerprint", "created"}, differ
    return log

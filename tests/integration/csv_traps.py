#!/usr/bin/env python3
"""Loads files in which rows or numbers could be lost or misread without a word, and expects the word."""

import gzip
import json
import os
import sqlite3
import subprocess

from harness import PLUGINS, Scratch, main, need

ITEMS = "uid,title\n1,A\n2,B\n3,C\n"
RATINGS = "profile,anime_uid,score\na,1,5\nb,2,4\nc,3,3\n"


def train(s: Scratch, source="{plugin: csv, ratings: {path: r.csv}, items: {path: i.csv}}", status=0, command="train"):
    s.write("animed.yaml", f"socket: {s.socket}\nmodels: {s.models}\nplugins: {PLUGINS}\npipeline:\n  source: {source}\n"
                           "  model: {plugin: bias, factors: 4, epochs: 1}\n")
    out, log = s.animed(command, status=status)
    return out + log


def write_bytes(s: Scratch, name, data):
    with open(s.path(name), "wb") as file:
        file.write(data)


def large_ids(s: Scratch):
    """A whole number that went through a real is what it was up to 2^53, and nobody knows what it was beyond."""
    db = sqlite3.connect(s.path("x.db"))
    db.executescript("create table r(profile, anime_uid real, score); create table m(uid real, title, members real)")
    db.executemany("insert into m values (?, ?, ?)", [(1234567890123456, "Large", 1e15), (9007199254740991, "Largest", 7),
                                                      (9007199254740993, "Lost", 7)])
    db.executemany("insert into r values (?, ?, ?)", [("a", 1234567890123456, 7.5), ("b", 9007199254740991, 8)])
    db.commit()
    db.close()
    log = train(s, "{plugin: sqlite, database: x.db, max_rejects: 0.5, ratings: {query: select * from r}, "
                   "items: {query: select * from m}}")
    assert "ratings: 2 rows, 2 kept" in log and "3 rows, 2 items (2 of them rated)" in log, log
    assert 'row 3 of items.query: row left out: the id is a real number, too large to be exact: "9.007199254740992e+15"' in log, log
    with s.daemon():
        assert s.ask("show", "id:1234567890123456")["item"]["members"] == 10 ** 15
        assert s.ask("show", "id:9007199254740991")["item"]["title"] == "Largest"
    s.write("i.jsonl", '{"uid": 9007199254740993, "title": "Whole"}\n{"uid": 9007199254740993.0, "title": "Real"}\n')
    s.write("r.jsonl", json.dumps({"profile": "a", "anime_uid": 9007199254740993, "score": 5}) + "\n")
    log = train(s, "{plugin: jsonl, max_rejects: 0.5, ratings: {path: r.jsonl}, items: {path: i.jsonl}}")
    assert "i.jsonl:2: row left out: the id is a real number, too large to be exact" in log and "2 rows, 1 item (1 " in log, log


def netflix_groups(s: Scratch):
    """The ratings after a line that should name their film, and does not, are of no film."""
    s.write("i.csv", "1,2003,A\n2,2004,B\n3,2005,C\n")
    netflix = "{plugin: csv, layout: netflix, max_rejects: 1, ratings: {path: r.txt}, items: {path: i.csv}}"
    many = "".join(f"{u},{1 + u % 5},2005\n" for u in range(100000))  # more than a block
    for bad in "x2:", ":", "2", "2;":
        for lines, n in ("7,5,2005\n8,1,2005\n", 2), (many, 100000):
            s.write("r.txt", f"1:\n5,3,2005\n{bad}\n{lines}3:\n9,4,2005\n")
            log = train(s, netflix)
            assert f"ratings: {n + 3:,} rows, 2 kept; 0 repeats (the last counts), {n + 1:,} rejected" in log, log
            assert 'r.txt:3: row left out: no line "12:", which names the item of the ratings after it' in log, log
            assert f"r.txt: {n} more rows left out" in log, log
    with s.daemon():
        counts = [s.ask("show", f"id:{item}")["item"]["ratings"] for item in (1, 2, 3)]
        assert counts == [1, None, 1], counts
    s.write("r.txt", "x:\n7,4,2005\n1:\n8,5,2005\n")
    assert "ratings: 3 rows, 1 kept; 0 repeats (the last counts), 2 rejected" in train(s, netflix)


def no_header_no_comments(s: Scratch):
    """A user may be called #1fan."""
    s.write("i.csv", ITEMS)
    s.write("r.csv", "#1fan,1,9\n\n#x,2,5\nu1,1,3\n")
    log = train(s, "{plugin: csv, ratings: {path: r.csv, header: false, user: 1, item: 2, score: 3}, items: {path: i.csv}}")
    assert "ratings: 3 rows, 3 kept" in log, log


def packed_in_pieces(s: Scratch):
    """Frames that are skipped, and zeros between streams, lose nothing; anything else between them is told."""
    s.write("i.csv", ITEMS)
    one, two = RATINGS[:30].encode(), RATINGS[30:].encode()
    write_bytes(s, "r.csv", gzip.compress(one) + bytes(600000) + gzip.compress(two) + bytes(512))
    assert "ratings: 3 rows, 3 kept" in train(s)
    for rest in b"garbage", b"\x1f", b"\0\0x":
        write_bytes(s, "r.csv", gzip.compress(RATINGS.encode()) + rest)
        assert "r.csv" in train(s, status=1) and "something that is not gzip follows the gzip stream" in train(s, status=1)
    zstd = need("zstd")

    def pack(data):
        return subprocess.run([zstd, "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout

    skipped = b"\x5e\x2a\x4d\x18\x04\0\0\0abcd"
    write_bytes(s, "r.csv", skipped + pack(one) + skipped + pack(two) + skipped)
    assert "ratings: 3 rows, 3 kept" in train(s)
    write_bytes(s, "r.csv", pack(RATINGS.encode()) + b"\n")
    assert "the Zstandard stream is" in train(s, status=1)


def odd_scores(s: Scratch):
    s.write("i.csv", ITEMS)
    for score in "-0x10", "+0x9", "0X1p3", "1e400", "inf", "-INF", "Infinity", "nan(1)":
        s.write("r.csv", RATINGS + f"d,1,{score}\n")
        log = train(s, "{plugin: csv, max_rejects: 0.5, ratings: {path: r.csv}, items: {path: i.csv}}")
        assert f'r.csv:5: row left out: the score is not a number: "{score}"' in log and "4 rows, 3 kept" in log, log


def counts_in_groups(s: Scratch):
    s.write("i.csv", "uid,title,members,episodes\n1,A,12.000,25.0\n2,B,1.234.567,3\n3,C,12,1\n")
    s.write("r.csv", RATINGS)
    log = train(s)
    assert 'i.csv:2: no number of members: "12.000"; 1 of 3 rows are so' in log, log
    with s.daemon():
        items = [s.ask("show", f"id:{item}")["item"] for item in (1, 2)]
        assert items[0].get("members") in (None, 0) and items[1]["members"] == 1234567 and items[0]["episodes"] == 25, items


def nul_characters(s: Scratch):
    """A NUL does not end a cell without a word."""
    write_bytes(s, "i.csv", ITEMS.encode() + b"4\0,D\n5,E\0F\n")
    write_bytes(s, "r.csv", RATINGS.encode() + b"x\0y,1,5\nx,1\0,5\nx,1,5\0\n")
    write_bytes(s, "f.csv", b'profile,favorites_anime\na,"1\0,2"\nb,1\n')
    log = train(s, "{plugin: csv, max_rejects: 0.6, ratings: {path: r.csv}, items: {path: i.csv}, favourites: {path: f.csv}}")
    for told in ('i.csv:5: row left out: the id has a NUL character after "4"', "i.csv:6: row left out: a NUL character in the text",
                 "r.csv:5: row left out: a NUL character in the text", "r.csv:6: row left out: the item's id has a NUL character",
                 'r.csv:7: row left out: a NUL character in the score, after "5"',
                 'f.csv:2: row left out: a NUL character in the favourites, after "1"'):
        assert told in log, (told, log)


def no_regular_files(s: Scratch):
    """A pipe is refused, with or without somebody who writes to it."""
    s.write("i.csv", ITEMS)
    s.write("r.csv", RATINGS)
    os.mkfifo(s.path("pipe"))
    sources = ("{plugin: csv, ratings: {path: pipe}, items: {path: i.csv}}",
               "{plugin: csv, ratings: {path: r.csv}, items: {path: pipe}}",
               "{plugin: csv, ratings: {path: r.csv}, items: {path: i.csv, titles: pipe}}",
               "{plugin: jsonl, ratings: {path: pipe}, items: {path: pipe}}",
               "{plugin: sqlite, database: pipe, ratings: {query: select 1}, items: {query: select 1}}")
    for source in sources:
        for command in "train", "--check-config":
            log = train(s, source, command=command, status=1)
            assert "pipe: is no regular file but a pipe" in log, log
    assert "is no regular file but a device" in train(s, sources[0].replace("pipe", "/dev/null"), status=1)


def titles_in_brackets(s: Scratch):
    s.write("i.csv", "uid,title,alt_titles\n1,A,[Alternative] Tale [x]\n2,B,\"['Two&#124;Deux', 'Zwei']\"\n3,C,[Three]\n")
    s.write("r.csv", RATINGS)
    train(s)
    with s.daemon():
        names = [s.ask("show", f"id:{item}")["item"]["alt_titles"] for item in (1, 2, 3)]
        assert names == [["[Alternative] Tale [x]"], ["Two/Deux", "Zwei"], ["[Three]"]], names


def blanks_and_repeated_titles(s: Scratch):
    """A title has no blanks beside it and single ones in it, and is none of its other titles."""
    s.write("i.csv", "uid,title,english,japanese\n1, Caf\u00e9  X&nbsp; ,Caf\u00e9 X,Y\n2,B,B,B\n3,C,\"['C', 'D', 'C']\",\n")
    s.write("r.csv", RATINGS)
    train(s, "{plugin: csv, ratings: {path: r.csv}, items: {path: i.csv, alt_titles: [english, japanese]}}")
    with s.daemon():
        items = [s.ask("show", f"id:{item}")["item"] for item in (1, 2, 3)]
        assert [(item["title"], item.get("alt_titles")) for item in items] == [("Caf\u00e9 X", ["Y"]), ("B", []), ("C", ["D"])], items


def headers_that_do_not_fit(s: Scratch):
    """The message says what the header is, and every column that is missing."""
    s.write("i.csv", ITEMS)
    s.write("r.csv", "User Name,Anime ID,My Score\na,1,5\n")
    assert ('no column "profile", "anime_uid", "score"; set ratings.user, ratings.item, ratings.score to some of: '
            "User Name, Anime ID, My Score") in train(s, status=1)
    s.write("r.csv", RATINGS)
    csv = "{plugin: csv, ratings: {path: r.csv%s}, items: {path: i.csv}%s}"
    for separator, name in (";", ";"), ("tab", "tab"):
        log = train(s, csv % (f', separator: "{separator}"', ""), status=1)
        assert f'(ratings.separator is "{name}", which the line does not have)' in log, log
    log = train(s, csv % ("", ", layout: movielens"), status=1)
    assert "the header is not that of layout movielens, it is that of kaggle-reviews" in log, log
    s.write("i.csv", "key,label\n1,A\n")
    assert "; the header is not that of layout movielens\n" in train(s, csv % ("", ", layout: movielens"), status=1)
    s.write("i.csv", ITEMS)
    log = train(s, csv % ("", ", layout: movielens-100k"), status=1)
    assert "; the first line is not that of layout movielens-100k\n" in log, log
    # the two files swapped
    s.write("i.csv", ITEMS)
    for layout in "", ", layout: kaggle-reviews":
        log = train(s, f"{{plugin: csv, ratings: {{path: i.csv}}, items: {{path: r.csv}}{layout}}}", status=1)
        assert "this is the header of ratings: are items.path and ratings.path swapped?" in log, log
    log = train(s, "{plugin: csv, ratings: {path: i.csv}, items: {path: i.csv}}", status=1)
    assert "this is the header of items: are items.path and ratings.path swapped?" in log, log
    s.write("i.jsonl", '{"uid": 1, "title": "A"}\n')
    s.write("r.jsonl", '{"user": 1, "stars": 5, "anime_uid": 1}\n')
    log = train(s, "{plugin: jsonl, ratings: {path: r.jsonl}, items: {path: i.jsonl}}", status=1)
    assert 'no column "profile", "score"; set ratings.user, ratings.score to some of: ' in log, log


def columns_that_are_lines(s: Scratch):
    """What --check-config says of columns that are none."""
    s.write("i.csv", "1,2003,A\n")
    s.write("r.txt", "1:\n5,3,2005\n")
    out = train(s, "{plugin: csv, layout: netflix, ratings: {path: r.txt}, items: {path: i.csv}}", command="--check-config")
    assert 'user = 1, item = the lines "12:", score = 2\n' in out, out
    s.write("u.item", f"1|A (1995)|01-Jan-1995||x{'|1' * 19}\n")
    s.write("u.data", "1\t1\t3\t8\n")
    out = train(s, "{plugin: csv, layout: movielens-100k, ratings: {path: u.data}, items: {path: u.item}}", command="--check-config")
    assert "genres = the columns of 0 and 1" in out and "genres" not in out.split("without")[1].split("\n")[0], out


def files_put_together(s: Scratch):
    """A header that is repeated may have the mark of its file."""
    s.write("i.csv", ITEMS)
    s.write("r.csv", RATINGS + "\ufeff" + RATINGS.replace(",1,", ",2,") + "\ufeff\"profile\",anime_uid,score\n")
    assert "ratings: 6 rows, 4 kept; 2 repeats (the last counts), 0 rejected" in train(s), train(s)


def packed_twice(s: Scratch):
    s.write("i.csv", ITEMS)
    write_bytes(s, "r.csv", gzip.compress(gzip.compress(RATINGS.encode())))
    assert "r.csv: is packed twice, the second time with gzip; unpack it once" in train(s, status=1)
    zstd = need("zstd")
    write_bytes(s, "r.csv", gzip.compress(subprocess.run([zstd, "-q"], input=RATINGS.encode(), stdout=subprocess.PIPE, check=True).stdout))
    for source in "csv", "jsonl":
        log = train(s, f"{{plugin: {source}, ratings: {{path: r.csv}}, items: {{path: {'i.csv' if source == 'csv' else 'r.csv'}}}}}", status=1)
        assert "r.csv: is packed twice, the second time with Zstandard; unpack it once" in log, log


def a_row_that_is_too_long(s: Scratch):
    """One message, and not one for each line of it; a quote that is not closed in such a file costs its row alone."""
    s.write("r.csv", RATINGS)
    text = "uid,title,synopsis\n1,A,\"{}\n2,B,x\n3,C,y\n"
    s.write("i.csv", text.format("line, of text\n" * (5 << 20) + "\""))
    log = train(s, status=1)
    assert "i.csv:2: a row of more than 64 MB begins here; if a quote is missing, mend it" in log, log
    assert len(log.splitlines()) == 1, log
    s.write("i.csv", text.format("open\n" + f"4,D,{'x' * 100}\n" * 700000))
    log = train(s)
    assert "i.csv:2: row left out: a quote that is not closed" in log and "700,003 rows, 3 items" in log, log


main([large_ids, netflix_groups, no_header_no_comments, packed_in_pieces, odd_scores, counts_in_groups, nul_characters,
      no_regular_files, titles_in_brackets, blanks_and_repeated_titles, headers_that_do_not_fit, columns_that_are_lines, files_put_together, packed_twice,
      a_row_that_is_too_long])

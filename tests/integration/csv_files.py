#!/usr/bin/env python3
"""Loads CSV files as people have them: packed, in any encoding, with lines before the header and with rows at fault."""

import bz2
import gzip
import lzma
import os
import sqlite3
import subprocess
import zipfile

from harness import PLUGINS, Scratch, main, need

ITEMS = "uid,title\n1,A\n2,B\n3,C\n"
RATINGS = "profile,anime_uid,score\na,1,5\nb,2,4\nc,3,3\n"


def train(s: Scratch, ratings="", items="", more="", threads=2, status=0):
    """Train on r.csv and i.csv.  `ratings` and `items` are further parameters of the two."""
    s.write("animed.yaml", f"""\
socket: {s.socket}
models: {s.models}
plugins: {PLUGINS}
train: {{threads: {threads}}}
pipeline:
  source: {{plugin: csv, ratings: {{path: r.csv{ratings}}}, items: {{path: i.csv{items}}}{more}}}
  model: {{plugin: bias, factors: 4, epochs: 1}}
""")
    return s.animed("train", status=status)[1]


def write_bytes(s: Scratch, name, data):
    with open(s.path(name), "wb") as file:
        file.write(data)


def three(log):
    assert "ratings: 3 rows, 3 kept; 0 repeats (the last counts), 0 rejected, 0 unrated" in log, log
    assert "3 items (3 of them rated)" in log, log


def packed(s: Scratch):
    """What a file is packed with is told by its content, and a stream that lacks its end is refused."""
    s.write("i.csv", ITEMS)
    zstd = need("zstd")
    long = RATINGS + "".join(f"u{u},{1 + u % 3},{1 + u % 5}\n" for u in range(40000))
    packers = {"gzip": lambda data: gzip.compress(data),
               "Zstandard": lambda data: subprocess.run([zstd, "-q"], input=data, stdout=subprocess.PIPE, check=True).stdout}
    for name, pack in packers.items():
        write_bytes(s, "r.csv", pack(RATINGS.encode()))
        three(train(s))
        # two streams one after the other are one text
        write_bytes(s, "r.csv", pack(RATINGS[:30].encode()) + pack(RATINGS[30:].encode()))
        three(train(s))
        data = pack(long.encode())
        write_bytes(s, "r.csv", data[:len(data) // 2])
        assert f"r.csv:" in train(s, status=1) and f"the {name} stream is cut off; fetch" in train(s, status=1)
        write_bytes(s, "r.csv", data[:200] + bytes(byte ^ 0x55 for byte in data[200:400]) + data[400:])
        assert f"the {name} stream is damaged" in train(s, status=1), train(s, status=1)


def no_text(s: Scratch):
    """What is no table of text is called what it is, with what to do."""
    s.write("i.csv", ITEMS)
    s.write("r.txt", RATINGS)
    kinds = {b"\x89PNG\r\n\x1a\n" + bytes(600): "is a picture", bz2.compress(RATINGS.encode()): "unpack it: bunzip2",
             lzma.compress(RATINGS.encode()): "unpack it: unxz", b"PAR1" + bytes(40): "is a Parquet file",
             b"<!DOCTYPE html>\n<html><head>": "is an HTML page", b'[{"a": 1}]': "is JSON", b'{"a": 1}\n': "is JSON",
             bytes(100): "r.csv:1: NUL bytes; this is no text",
             b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n": "is a PDF document"}
    with zipfile.ZipFile(s.path("r.zip"), "w") as archive:
        archive.write(s.path("r.txt"), "ratings.csv")
    with zipfile.ZipFile(s.path("r.xlsx"), "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    sqlite3.connect(s.path("r.db")).execute("create table t (x)").connection.close()
    for name, what in ("r.zip", "is a zip archive"), ("r.xlsx", "is a workbook"), ("r.db", "read it with the source sqlite"):
        with open(s.path(name), "rb") as file:
            kinds[file.read()] = what
    for data, what in kinds.items():
        write_bytes(s, "r.csv", data)
        log = train(s, status=1)
        assert what in log and all(c == "\n" or c.isprintable() for c in log), log
    os.remove(s.path("r.csv"))
    os.mkdir(s.path("r.csv"))
    assert "r.csv: is a directory; name the file in it" in train(s, status=1)


def encodings(s: Scratch):
    s.write("r.csv", RATINGS)
    text = "uid,title\n1,Na\u00efve Lamp\n2,Caf\u00e9 Noir\n3,Plain\n"
    for encoding, given in (("utf-8", ""), ("utf-8-sig", ""), ("utf-16", ""), ("utf-16-le", ""), ("utf-16-be", ""),
                            ("utf-16-le", ", encoding: utf-16le"), ("latin-1", ", encoding: latin1"),
                            ("cp1252", ", encoding: cp1252")):
        write_bytes(s, "i.csv", text.encode(encoding))
        three(train(s, items=given))
        with s.daemon():
            assert s.ask("show", "id:1")["item"]["title"] == "Na\u00efve Lamp", encoding
    write_bytes(s, "i.csv", text.replace("Plain", "\u30ab\u30a6").encode("shift_jis", "replace"))
    three(train(s, items=", encoding: shift_jis"))
    # what is not in the encoding is told with its line, and with what to do
    write_bytes(s, "i.csv", text.encode("latin-1"))
    log = train(s, status=1)
    assert 'i.csv:2: row left out: text that is not UTF-8 (if it is in cp1252 or the like, set items.encoding), from "1"' in log
    write_bytes(s, "i.csv", text.encode("cp1252") + b"4,\x81\n")
    log = train(s, items=", encoding: cp1252", more=", max_rejects: 0.5")
    assert "i.csv:5: row left out: text that is none in the encoding of the file, from \"4\"" in log, log
    assert "4 rows, 3 items" in log and "set items.encoding" not in log, log
    # half of a pair of UTF-16
    write_bytes(s, "i.csv", text.encode("utf-16") + b"4\0,\0\0\xd8\n\0")
    log = train(s, more=", max_rejects: 0.5")
    assert "i.csv:5: row left out: text that is none in the encoding of the file, from \"4\"" in log, log
    write_bytes(s, "i.csv", "n\u00famero,t\u00edtulo\n1,A\n".encode("latin-1"))
    assert "i.csv:1: text that is not UTF-8; set items.encoding, such as to cp1252" in train(s, status=1)
    log = train(s, items=", encoding: latin2", status=2)
    assert 'items.encoding: "latin2" is none of auto|' in log and 'did you mean "latin1"' in log, log


def before_the_header(s: Scratch):
    s.write("i.csv", ITEMS)
    for before in ("", "\n\n", "# a comment\n", "Exported by Example 1.2\n", "My list\n\nof 2024, by me\n", "sep=,\n"):
        s.write("r.csv", before + RATINGS)
        three(train(s))
    s.write("r.csv", "sep=;\nprofile;anime_uid;score\na;1;5\nb;2;4,5\nc;3;3\n")
    three(train(s))
    # another separator is found out, and may be named
    for separator, given in ((";", ""), ("\t", ""), ("|", ""), ("::", ""), ("~", ', separator: "~"'), ("\t", ", separator: tab")):
        s.write("r.csv", RATINGS.replace(",", separator))
        three(train(s, ratings=given))
    assert "separates nothing" in train(s, ratings=", separator: comma", status=1)
    s.write("r.csv", "profile:anime_uid:score\na:1:5\n")
    assert "if these are several, the separator is another one" in train(s, status=1)
    s.write("r.csv", "profile,score,anime_uid,score\na,1,1,5\n")
    assert 'r.csv: two columns "score"; the first one is read' in train(s), train(s)
    # without a header the first row must not be lost
    s.write("r.csv", "a,1,5\nb,2,4\nc,3,3\n")
    assert "r.csv:1: this looks like a row of data; for a file without a header set ratings.header to false" in train(s, status=1)
    for names in ", user: 1, item: 2, score: 3", ", user: a, item: 1, score: 5":
        assert "r.csv:1: this looks like a row of data" in train(s, ratings=names, status=1)
    three(train(s, ratings=", header: false, user: 1, item: 2, score: 3"))
    log = train(s, ratings=", header: false, user: 1, item: 2, score: 4", status=1)
    assert 'r.csv:1: no column "4"; set ratings.score to one of: 1, 2, 3' in log, log
    # pasted together
    s.write("r.csv", RATINGS + ",,\n" + RATINGS.replace(",1,", ",2,"))
    assert "ratings: 6 rows, 4 kept; 2 repeats (the last counts), 0 rejected" in train(s), train(s)


def malformed_rows(s: Scratch):
    """A row at fault is told with its line; those around it are whole."""
    s.write("r.csv", RATINGS)
    for row, why in (("2,B,TV,", "4 fields where there should be 3"), ("2,B", "2 fields where there should be 3"),
                     ('2,"B" "x",TV', "text after the closing quote"), ('2,"B,TV', "a quote that is not closed"),
                     ('2,"The "Big" B",TV', "text after the closing quote"),
                     ('2,"B\nx",TV', "a line break in the title; is a quote missing?"), ("x,B,TV", "not a whole number"),
                     ("2.5,B,TV", "not a whole number")):
        s.write("i.csv", f"uid,title,type\n1,A,TV\n{row}\n3,\"C, D\",TV\n4,D,\n")
        log = train(s, more=", max_rejects: 0.5")
        assert "i.csv:3: row left out: " in log and why in log, log
        assert "catalogue: 4 rows, 3 items (2 of them rated); 0 repeats, 1 rejected" in log, log
        with s.daemon():
            assert s.ask("show", "id:3")["item"]["title"] == "C, D"
        log = train(s, status=1)
        assert "i.csv: 1 of 4 rows are malformed, the first on line 3: " in log, log
    # each row ends with a separator: all must, and then nothing is shifted
    s.write("i.csv", "uid,title,type\n1,A,TV,\n2,B,TV,\n3,\"C, D\",,\n")
    three(train(s))
    s.write("i.csv", "uid,title,type\n1,A,TV,\n2,B,TV,\n3,C,D,\n4,E, F,TV\n5,G,\n")
    log = train(s, more=", max_rejects: 0.5")
    assert "i.csv:5: row left out: 4 fields where there should be 4" in log or "i.csv:5: row left out:" in log, log
    assert "i.csv:6: row left out: 3 fields where there should be 4" in log, log


def quotes(s: Scratch):
    s.write("r.csv", RATINGS)
    s.write("i.csv", '"uid";"title"\n"1";"Rites \\"of\\" Spring"\n"2";"The End\\""\n"3";"C:\\\\"\n"4";"5\\" disc"\n"5";"Last"\n')
    log = train(s)
    assert "5 rows, 5 items" in log, log
    with s.daemon():
        titles = [s.ask("show", f"id:{item}")["item"]["title"] for item in range(1, 6)]
        assert titles == ['Rites "of" Spring', 'The End"', "C:\\", '5" disc', "Last"], titles
    log = train(s, items=", escape: double", more=", max_rejects: 0.9")
    assert "3 rejected" in log and "5 rows, 2 items" in log, log
    # a backslash that ends a text, in a file without escapes
    s.write("i.csv", 'uid,title\n1,"C:\\"\n2,"B, C"\n3,"\\\\"\n')
    three(train(s))
    with s.daemon():
        assert [s.ask("show", f"id:{item}")["item"]["title"] for item in (1, 3)] == ["C:\\", "\\\\"]
    train(s, items=", escape: backslash", more=", max_rejects: 0.9")
    # in text that is separated by tabs a quote does not join rows
    s.write("i.csv", 'uid\ttitle\n1\t"A, so to say"\n2\t"B\n3\tC"\n4\tD\n')
    log = train(s, more=", max_rejects: 0.5")
    assert "i.csv:3: row left out: a quote that is not closed" in log and "4 rows, 3 items" in log, log
    # quotes that are text
    s.write("i.csv", 'uid\ttitle\n1\t"Weird" A\n2\t"B\n3\tC"\n')
    three(train(s, items=", quotes: false"))
    with s.daemon():
        assert s.ask("show", "id:2")["item"]["title"] == '"B'
    s.write("i.csv", "uid,title\n1,\"Paper Lamp\" Movie\n2,\" 'B' \"\n3,5\" C\n")
    three(train(s))
    with s.daemon():
        titles = [s.ask("show", f"id:{item}")["item"]["title"] for item in range(1, 4)]
        assert titles == ["Paper Lamp Movie", "'B'", '5" C'], titles


def numbers(s: Scratch):
    s.write("i.csv", "uid,title,members,episodes\n1.0,A,\"1,615,084\",12.0\n2.0,B,12k,24 eps\n3.0,C,many,Unknown\n")
    s.write("r.csv", "profile,anime_uid,score\n17.0,1.0,9/10\n17,2.0,7/10\nb,3.0,4/10\nc,1.0,N/A\nd,1,\ne,2,NaN\n")
    log = train(s)
    assert "ratings: 6 rows, 3 kept; 0 repeats (the last counts), 0 rejected, 3 unrated" in log and "2 users" in log, log
    assert 'i.csv:3: no number of members: "12k"; 2 of 3 rows are so' in log, log
    assert 'i.csv:3: no number of episodes: "24 eps"; 1 of 3 rows are so' in log, log
    with s.daemon():
        one = s.ask("show", "id:1")["item"]
        assert (one["members"], one["episodes"]) == (1615084, 12), one
    s.write("r.csv", "profile,anime_uid,score\na,1,9/10\nb,2,4/5\n")
    assert "out of another number than those before it" in train(s, status=1)
    s.write("r.csv", RATINGS)
    assert 'ratings.unrated: "never" is not a number' in train(s, ratings=", unrated: never", status=1)


def where(s: Scratch):
    s.write("i.csv", "uid,title,kind\n1,A,anime\n2,B,Anime\n3,C,manga\n")
    s.write("r.csv", "profile,anime_uid,score,status,watched\n"
                     "a,1,5,Completed,2\nb,2,4,dropped,2.0\nc,1,3,Planned,2\nd,2,1,Completed,6\n")
    log = train(s, ratings=", where: {status: [Completed, Dropped], watched: 2}", items=", where: {kind: anime}")
    assert "ratings: 2 rows, 2 kept; 0 repeats (the last counts), 0 rejected, 0 unrated, 2 of other kinds" in log, log
    assert "catalogue: 2 rows, 2 items (2 of them rated); 0 repeats, 0 rejected, 1 of other kinds" in log, log
    log = train(s, ratings=", where: {status: Complete}", status=1)
    assert ('r.csv: ratings.where leaves none of 4 rows; column "status" has "Completed", "dropped", "Planned"') in log, log
    log = train(s, ratings=", where: {status: [Completed, Watching], watched: [2, 3]}")
    assert 'r.csv: no row has "Watching" in column "status" (ratings.where); there are: "dropped", "Planned"' in log, log
    assert 'no row has "3" in column "watched" (ratings.where); there are: "6"' in log and log.count("no row has") == 2, log
    log = train(s, items=", where: {kind: film}", status=1)
    assert 'i.csv: items.where leaves none of 3 rows; column "kind" has "anime", "Anime", "manga"' in log, log
    log = train(s, ratings=", where: {state: Completed}", status=1)
    assert 'r.csv:1: no column "state"; set ratings.where to one of: profile, anime_uid, score, status, watched' in log, log
    assert "with one value or more for each column" in train(s, ratings=", where: {status: []}", status=2)
    assert 'unknown key "were"; did you mean "where"?' in train(s, ratings=", were: {status: x}", status=2)


def favourites(s: Scratch):
    s.write("i.csv", ITEMS)
    s.write("r.csv", RATINGS)
    for text in ("profile,favorites_anime\n"
                 "a,\"['1', '3']\"\nb,nan\nc,[]\nfan,\"['2']\"\n", "profile,favorites_anime\na,1\na,3.0\nfan,2\n"):
        s.write("f.csv", text)
        log = train(s, more=", favourites: {path: f.csv}")
        assert "2 kept; 1 rated as well (the rating counts)" in log and "1 user with favourites and no rating" in log, log
    s.write("f.csv", "who;what\na;3\nfan;\"2,x\"\n")
    log = train(s, more=", favourites: {path: f.csv, user: who, items: what}, max_rejects: 0.5")
    assert "f.csv:3: row left out: the favourites are not a list of ids" in log, log


def nothing_raw_in_the_log(s: Scratch):
    """Whatever a file has in it, the log stays text on lines of its own."""
    s.write("i.csv", ITEMS)
    for header, cell in (("profile,anime_uid,score", "\x1b[2J\x1b]0;owned\x07"), ("pro\x1bfile,anime\x9b_uid,score", "1"),
                         ("profile,anime_uid,score", '"x\nanimed: error: forged"')):
        s.write("r.csv", f"{header}\na,{cell},5\nb,2,{cell}\nc,3,5\n\x85{cell},1,\u2028\n")
        log = train(s, more=", max_rejects: 1") if "\x1b" not in header else train(s, status=1)
        assert all(c == "\n" or (c.isprintable() and c not in "\u2028\u2029") for c in log), repr(log)
        assert not any(line.startswith("animed: error: forged") for line in log.splitlines()), log


def blocks_and_threads(s: Scratch):
    """Rows at fault anywhere in a large file leave those around them whole."""
    s.write("i.csv", ITEMS)
    rows = [f"u{r},{1 + r % 3},{1 + r % 5},\"text {r},\nmore \"\"of\"\" it\"\n" for r in range(60000)]
    for r in range(500, 60000, 1000):
        rows[r] = f"u{r},1,\"2,x\n"
    s.write("r.csv", "profile,anime_uid,score,text\n" + "".join(rows))
    logs = [train(s, threads=threads) for threads in (1, 4)]
    for log in logs:
        assert "60,000 rows, 59,940 kept; 0 repeats (the last counts), 60 rejected, 0 unrated" in log, log
        assert "r.csv:1002: row left out: a quote that is not closed" in log, log


main([packed, no_text, encodings, before_the_header, malformed_rows, quotes, numbers, where, favourites,
      nothing_raw_in_the_log, blocks_and_threads])

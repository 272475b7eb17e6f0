#!/usr/bin/env python3
"""Finds shows by what people type, with every command, in a made-up catalogue and in the real one."""

import csv
import os
import re
import socket

import harness

SHOWS = (
    "1,Shingeki no Kyojin,Attack on Titan|AoT|進撃の巨人,TV,2013,900",
    "2,Shingeki no Kyojin Season 2,Attack on Titan Season 2,TV,2017,700",
    "3,Mushishi,,TV,2005,500",
    "4,Berserk,,TV,1997,400",
    "5,Berserk,,TV,2016,300",
    "6,Tengen Toppa Gurren Lagann,,TV,2007,800",
    "7,Ookami Kodomo,Wolf Children,Movie,2012,600",
    "8,Wolf's Rain,,TV,2003,500",
    "9,Neon Genesis Evangelion,,TV,1995,900",
    "10,Hunter x Hunter,,TV,1999,300",
    "11,Hunter x Hunter (2011),Hunter x Hunter,TV,2011,1000",
)


def serve(scratch):
    scratch.write("animes.csv", "uid,title,alt_titles,type,aired,members\n" + "\n".join(SHOWS) + "\n")
    scratch.write("reviews.csv", "profile,anime_uid,score\n" + "".join(
        f"u{user},{show},{1 + (user * 7 + show * 3) % 10}\n" for user in range(12) for show in range(1, 10)
        if (user + show) % 4))
    scratch.configure(data=scratch.home, model="{plugin: bias, factors: 4, epochs: 2}",
                      more="queries: {min_ratings: 0, sequels: show}\n")
    scratch.animed("train")
    return scratch.daemon()


def every_command_finds_the_same(scratch):
    """A show is found by all commands in the same ways, and matched says how."""
    with serve(scratch):
        for typed, found, matched in (("Mushishi", 3, "exact"), ("MUSHI-SHI", 3, "folded"), ("berserk 2016", 5, "folded"),
                                      ("Attack on Titan", 1, "alternative"), ("Attack on Titan S2", 2, "alternative"),
                                      ("lagann gurren", 6, "words"), ("進撃", 1, "words"), ("nge", 9, "initials"),
                                      ("mushi", 3, "prefix"), ("Mushisi", 3, "fuzzy"), ("id:4", 4, "id")):
            asked = None if matched == "id" else typed
            for answer in (scratch.ask("show", typed), scratch.ask("similar", typed),
                           scratch.ask("predict", "u1", typed)):
                assert (answer["item"]["id"], answer["matched"]) == (found, matched), (typed, answer)
            other = "id:7"
            terms = scratch.ask("similar", typed, "+", other)["terms"]
            ratings = scratch.ask("recommend", f"{typed}=9", f"{other}=8")["ratings"]
            left_out = scratch.ask("similar", other, "--exclude", typed)["excluded"]
            for item in (terms[0], ratings[0], left_out[0]):
                assert (item["id"], item["matched"], item["typed"]) == (found, matched, asked), (typed, item)
            assert terms[1]["typed"] is None and terms[1]["matched"] == "id", terms
            assert scratch.ask("search", "abc", "--exclude", typed)["excluded"][0]["id"] == found


def guesses_are_told(scratch):
    """Every command says which text it took for a show, and none says so of a show that was found."""
    with serve(scratch):
        for command in (("show", "Mushisi"), ("similar", "Mushisi"), ("predict", "u1", "Mushisi"),
                        ("similar", "Berserk 1997", "+", "Mushisi"), ("recommend", "Mushisi=9", "id:4=3"),
                        ("similar", "id:4", "--exclude", "Mushisi"), ("cult", "-x", "Mushisi")):
            out, _ = scratch.ctl(*command)
            assert out.count('nearest to "Mushisi"') == 1, (command, out)
            assert "Mushishi (id:3, TV, 2005)" in out, (command, out)
            out, _ = scratch.ctl(*(word.replace("Mushisi", "Mushishi") for word in command))
            assert "nearest" not in out, (command, out)
        out, _ = scratch.ctl("search", "Mushisi")
        assert out.startswith('no title has all words of "Mushisi"; nearest to it:\n') and "Mushishi" in out, out
        out, _ = scratch.ctl("search", "nge")
        assert out.startswith('shows that "nge" may stand for:\n') and "Evangelion" in out, out
        for text in ("proust", "Attack on Titans No.2"):
            out, _ = scratch.ctl("search", text)
            assert out == "no title is like that\n", out


def lists_name_one_show_a_line(scratch):
    """What may be meant is listed with ids and years, the best known first."""
    with serve(scratch):
        _, err = scratch.ctl("show", "wolf", status=1)
        assert err == ('animectl: ambiguous-title: "wolf" may be any of these; say which by its id:\n'
                       '  id:7       "Ookami Kodomo" (Movie, 2012)\n'
                       '  id:8       "Wolf\'s Rain" (TV, 2003)\n'), err
        _, err = scratch.ctl("recommend", "Berserk (1901)=9", status=1)
        assert err == ('animectl: unknown-title: no show is called "Berserk (1901)"; with another year there is:\n'
                       '  id:4       "Berserk" (TV, 1997)\n'
                       '  id:5       "Berserk" (TV, 2016)\n'), err
        _, err = scratch.ctl("similar", "Attack on Titan S7", status=1)
        assert "with another season there is:\n  id:1       " in err and "\n  id:2       " in err, err
        _, err = scratch.ctl("similar", "Mushishi movie", status=1)
        assert "with another type there is:\n  id:3       \"Mushishi\" (TV, 2005)\n" in err, err
        _, err = scratch.ctl("predict", "u1", "Princess Mononoke", status=1)
        assert err == 'animectl: unknown-title: no show is called "Princess Mononoke"\n', err
        _, err = scratch.ctl("similar", "7", status=1)
        assert err == ('animectl: unknown-title: no show is called "7"; there is one with this id:\n'
                       '  id:7       "Ookami Kodomo" (Movie, 2012)\n'), err
        for blank in (" ", "\u3000", "\u200b", ""):
            for command in (("show", blank), ("search", blank)):
                _, err = scratch.ctl(*command, status=1)
                assert "is empty" in err, (command, err)
        _, err = scratch.ctl("recommend", "Mushishi=11", status=1)
        assert err == 'animectl: bad-params: the score of "Mushishi" must be a number from 1 to 10\n', err


def ids_and_addresses(scratch):
    """An address of MyAnimeList names a show, and an id that is typed as a title is told of."""
    with serve(scratch):
        address = "https://myanimelist.net/anime/3/Mushishi?q=mushi"
        for answer in (scratch.ask("show", address), scratch.ask("similar", address)):
            assert (answer["item"]["id"], answer["matched"]) == (3, "id"), answer
        _, err = scratch.ctl("show", "https://myanimelist.net/anime/99999", status=1)
        assert err == "animectl: unknown-item: there is no show with the id 99999\n", err
        for typed in ("3", "mal:3", "#3", "ID: 3"):
            _, err = scratch.ctl("show", typed, status=1)
            assert err == (f'animectl: unknown-title: no show is called "{typed}"; there is one with this id:\n'
                           '  id:3       "Mushishi" (TV, 2005)\n'), err
            out, _ = scratch.ctl("search", typed)
            assert out.startswith("no title is like that; a show with this id:\n") and "Mushishi" in out, out
        out, _ = scratch.ctl("search", "3", "--year", "1995")
        assert out == "no title is like that\n", out


def what_people_type(scratch):
    """Names of files, scores and ranges are read as people write them, and all unknown titles are told of at once."""
    with serve(scratch):
        for typed, found in (("[Subs] Mushishi - 07 [1080p].mkv", 3), ("Attack.on.Titan.S02E03.720p.mp4", 2),
                             ("mushishi 720p", 3), ("Berserk (2016) E05", 5)):
            assert scratch.ask("show", typed)["item"]["id"] == found, typed
        for typed in ("8.5", "8,5", "8.5/10"):
            assert scratch.ask("recommend", f"Mushishi={typed}")["ratings"][0]["score"] == 8.5, typed
        for typed in ("x", "8/5", "8,5,1", "1e1", ""):
            _, err = scratch.ctl("recommend", f"Mushishi={typed}", status=2)
            assert "write TITLE=SCORE" in err, err
        for option, alike in (("--year", ("2004..2006", "2004-2006", "2004\u20132006")), ("--year", ("2005", "2,005")),
                              ("--members", ("500..", "500+", "0.5k", "500-")),
                              ("--members", ("..600", "-600", "-0.6k"))):
            answers = [scratch.ask("similar", "id:1", f"{option}={typed}")["items"] for typed in alike]
            assert answers[0] and all(answer == answers[0] for answer in answers), (option, answers)
        for typed in ("x", "1..2..3", "1,00", "-", "", "k", "5 k"):
            _, err = scratch.ctl("similar", "id:1", f"--members={typed}", status=2)
            assert err == (f'animectl: --members: "{typed}" is no range of numbers; '
                           "write 8, 2010..2015, 5000.. or ..2000\n"), err
        _, err = scratch.ctl("recommend", "xyzzy=9", "Mushishi=8", "wolf=7", "Berserk (1901)=6", "plugh=5", status=1)
        assert err == ('animectl: unknown-title: no show is called "xyzzy"\n'
                       '"wolf" may be any of several shows\n'
                       'no show is called "Berserk (1901)"\n'
                       'no show is called "plugh"\n'), err


def better_known_namesakes_are_told(scratch):
    """A title that is typed exactly is that show, but a better-known one of the name is told of."""
    with serve(scratch):
        answer = scratch.ask("show", "Hunter x Hunter")
        assert (answer["item"]["id"], answer["also"]["id"]) == (10, 11), answer
        out, _ = scratch.ctl("show", "Hunter x Hunter")
        assert "\nthere is also Hunter x Hunter (2011) (id:11, TV, 2011), which is better known\n" in out, out
        for typed in ("Hunter x Hunter (2011)", "Mushishi", "id:10", "hunter x hunter 1999"):
            assert "also" not in scratch.ask("show", typed), typed


def strings_may_be_bin(scratch):
    """Methods and keys of options are taken as bin, which some clients write for every string."""
    def raw(value):
        if isinstance(value, int):
            return bytes([value])
        if isinstance(value, bytes):
            return bytes([0xc4, len(value)]) + value
        if isinstance(value, list):
            return bytes([0x90 | len(value)]) + b"".join(map(raw, value))
        return bytes([0x80 | len(value)]) + b"".join(raw(key) + raw(item) for key, item in value.items())

    with serve(scratch), socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(harness.TIMEOUT)
        sock.connect(scratch.socket)
        for call in ([b"show", [b"Mushishi"]], [b"similar", [b"Mushishi", {b"limit": 1, b"sequels": b"show"}]],
                     [b"hello", [{b"protocol": 1}]]):
            sock.sendall(raw([0, 1, *call]))
            assert sock.recv(4) == b"\x94\x01\x01\xc0", call  # no error
            sock.recv(1 << 20)
        sock.sendall(raw([0, 1, b"similar", [b"Mushishi", {b"limits": 1}]]))
        assert b'there is no option "limits"' in sock.recv(4096)
        sock.sendall(raw([0, 1, b"nothing", []]))
        assert b'there is no method "nothing"' in sock.recv(4096)


def tables(scratch):
    """What people type, and the show they mean, in the real catalogue with its other titles."""
    harness.need_real_ratings()
    folder = os.path.join(harness.SRCDIR, "..", "shared", "data", "titles")
    if not os.path.isdir(folder):
        harness.skip("there are no tables at ../shared/data/titles")
    csv.field_size_limit(1 << 30)
    others = {}
    with open(os.path.join(harness.MAL, "alt_titles.csv"), encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            others.setdefault(row["uid"], []).append(row["title"].replace("|", "/"))
    with open(os.path.join(harness.MAL, "animes.csv"), encoding="utf-8", newline="") as source, \
         open(scratch.path("animes.csv"), "w", encoding="utf-8", newline="") as to:
        reader = csv.DictReader(source)
        writer = csv.DictWriter(to, [*reader.fieldnames, "alt_titles"])
        writer.writeheader()
        writer.writerows({**row, "alt_titles": "|".join(others.get(row["uid"], []))} for row in reader)
    os.symlink(os.path.abspath(os.path.join(harness.MAL, "reviews.csv")), scratch.path("reviews.csv"))
    scratch.configure(data=scratch.home, model="{plugin: bias, factors: 4, epochs: 1}", more="train: {refit: false}\n",
                      stages=("similarity: {plugin: cosine}", "ranking: {plugin: predicted}"))
    scratch.animed("train")
    with scratch.daemon():
        # shares of the texts: at least so many right, at most so many taken for another show, guesses included
        for name, right, wrong in (("year", .98, 0), ("season", .95, .005), ("words", .97, .005), ("names", .93, .01)):
            with open(os.path.join(folder, name + ".csv"), encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            found = [look_up(scratch.socket, row["query"]) for row in rows]
            hits = sum(id == int(row["uid"]) for row, id in zip(rows, found)) / len(rows)
            others = sum(id not in (None, int(row["uid"])) for row, id in zip(rows, found)) / len(rows)
            print(f"   {name}: {hits:.1%} right, {others:.1%} another show")
            assert hits >= right and others <= wrong, (name, hits, others)


def look_up(path, text):
    """The id of the show that a title means, None if there is no single one: from the bytes of the answer."""
    title = text.encode()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(harness.TIMEOUT)
        sock.connect(path)
        sock.sendall(b"\x94\x00\x01\xa4show\x91\xda" + len(title).to_bytes(2, "big") + title)
        answer = sock.recv(1 << 20)
    match = re.search(rb"\xa2id([\x00-\x7f]|\xcc.|\xcd..|\xce.{4})", answer, re.S)
    if answer[3:4] != b"\xc0" or not match:
        return None
    return int.from_bytes(match[1] if len(match[1]) == 1 else match[1][1:], "big")


harness.main([every_command_finds_the_same, guesses_are_told, lists_name_one_show_a_line, ids_and_addresses, what_people_type,
              better_known_namesakes_are_told, strings_may_be_bin, tables])

#!/usr/bin/env python3
"""Tests what the daemon answers to people's lists through the real client: recommendations by a list of any kind, what
continues it, what taste it shows, and what two lists have in common."""

import csv
import gzip
import json
import math
import os
import random
import select
import subprocess

import harness
import wire

TITLES = {1: "Cowboy Bebop", 6: "Trigun", 20: "Naruto"}
# of the people whose ratings are hidden in part, and of their ratings the hidden share
PEOPLE, HIDDEN, RELEVANT = 40, 0.2, 8


# ---- lists as sites and programs write them, of [id, title, score 0..10, status] ----

def mal_xml(rows):
    names = {"completed": "Completed", "planned": "Plan to Watch", "dropped": "Dropped", "on_hold": "On-Hold"}
    return ("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<myanimelist>\n<myinfo><user_export_type>1</user_export_type>"
            "</myinfo>\n" + "".join(
                f"<anime><series_animedb_id>{i}</series_animedb_id><series_title><![CDATA[{title}]]></series_title>"
                f"<my_score>{score}</my_score><my_status>{names[status]}</my_status></anime>\n"
                for i, title, score, status in rows) + "</myanimelist>\n")


def anilist(rows, highest=10):
    names = {"completed": "COMPLETED", "planned": "PLANNING", "dropped": "DROPPED", "on_hold": "PAUSED"}
    entries = [{"media": {"id": 900000 + i, "idMal": i, "title": {"romaji": title}}, "score": score * highest / 10,
                "status": names[status]} for i, title, score, status in rows]
    return json.dumps({"data": {"MediaListCollection": {"lists": [{"name": "All", "isCustomList": False,
                                                                   "entries": entries}]}}})


def kitsu(rows):
    names = {"completed": "completed", "planned": "planned", "dropped": "dropped", "on_hold": "on_hold"}
    data, included = [], []
    for i, title, score, status in rows:
        data.append({"id": str(i), "type": "libraryEntries",
                     "attributes": {"status": names[status], "ratingTwenty": score * 2 or None},
                     "relationships": {"anime": {"data": {"type": "anime", "id": str(700000 + i)}}}})
        included.append({"id": str(700000 + i), "type": "anime", "attributes": {"canonicalTitle": title},
                         "relationships": {"mappings": {"data": [{"type": "mappings", "id": str(i)}]}}})
        included.append({"id": str(i), "type": "mappings",
                         "attributes": {"externalSite": "myanimelist/anime", "externalId": str(i)}})
    return json.dumps({"data": data, "included": included})


def mal_api(rows):
    names = {"completed": "completed", "planned": "plan_to_watch", "dropped": "dropped", "on_hold": "on_hold"}
    return json.dumps({"data": [{"node": {"id": i, "title": title},
                                 "list_status": {"status": names[status], "score": score}}
                                for i, title, score, status in rows]})


def load_json(rows):
    numbers = {"completed": 2, "planned": 6, "dropped": 4, "on_hold": 3}
    return json.dumps([{"anime_id": i, "anime_title": title, "score": score, "status": numbers[status]}
                       for i, title, score, status in rows])


def simkl(rows):
    names = {"completed": "completed", "planned": "plantowatch", "dropped": "dropped", "on_hold": "hold"}
    return json.dumps({"anime": [{"status": names[status], "user_rating": score or None,
                                  "show": {"title": title, "ids": {"mal": str(i)}}}
                                 for i, title, score, status in rows]})


def yamtrack(rows):
    names = {"completed": "Completed", "planned": "Planning", "dropped": "Dropped", "on_hold": "Paused"}
    head = "media_id,source,media_type,title,season_number,episode_number,score,status"
    return "\r\n".join([head] + [f'"{i}","mal","anime","{title.replace(chr(34), chr(34) * 2)}","","",'
                                 f'"{float(score) if score else ""}","{names[status]}"'
                                 for i, title, score, status in rows]) + "\r\n"


def plain_csv(rows):
    return "id,title,score,status\n" + "".join(
        f'{i},"{title.replace(chr(34), chr(34) * 2)}",{score or ""},{status}\n' for i, title, score, status in rows)


def json_lines(rows):
    return "".join(json.dumps({"id": i, "title": title, "score": score or None, "status": status}) + "\n"
                   for i, title, score, status in rows)


def anime_planet(rows):
    names = {"completed": "watched", "planned": "want to watch", "dropped": "dropped", "on_hold": "stalled"}
    return json.dumps({"user": {"name": "x"}, "export": {"type": "anime", "date": "2024-01-01", "version": "1"},
                       "entries": [{"name": title, "status": names[status], "rating": score / 2, "times": 1, "eps": 1}
                                   for i, title, score, status in rows]})


FORMATS = {"mal.xml": mal_xml, "anilist.json": anilist, "anilist-100.json": lambda rows: anilist(rows, 100),
           "kitsu.json": kitsu, "mal-api.json": mal_api, "load.json": load_json, "simkl.json": simkl,
           "yamtrack.csv": yamtrack, "plain.csv": plain_csv, "lines.json": json_lines}


# ---- a made-up list ----

ROWS = [(1, "Cowboy Bebop", 9, "completed"), (6, "Trigun", 10, "completed"), (20, "Naruto", 0, "dropped"),
        (5, "Cowboy Bebop: Tengoku no Tobira", 0, "planned")]


def serve(scratch, **more):
    scratch.configure(**more)
    scratch.animed("train")
    return scratch.daemon()


def call(scratch, method, *params):
    """Returns the result, or else the error, of a request over the socket."""
    with wire.Connection(scratch.socket) as client:
        client.send([0, 1, method, list(params)])
        _, _, error, result = client.receive()
        return error or result


def ids(answer):
    return [item["id"] for item in answer["items"]]


def by_a_list(scratch):
    mine = scratch.write("mine.xml", mal_xml(ROWS))
    with serve(scratch):
        # without a list the answer is what is best known
        out, _ = scratch.ctl("recommend")
        assert out.startswith("your list is empty; animectl import FILE and animectl rate"), out
        assert "nothing is known of your taste, so these are the best known" in out, out
        empty = scratch.write("empty.xml", mal_xml([]))
        assert ids(scratch.ask("recommend", "--list", empty)) == ids(scratch.ask("recommend"))
        out, _ = scratch.ctl("recommend", "--list", empty)
        assert out.startswith(f"{empty} has no shows\nnothing is known of your taste"), out
        assert scratch.ctl("random", "--seed", "1") and scratch.ctl("next") and scratch.ctl("taste")
        answer = scratch.ask("recommend", "--list", mine, "-n", "5")
        assert answer["used"] == {"ratings": 2, "likes": 0, "dislikes": 1, "seen": 0, "planned": 1, "ignored": 0}, answer
        assert answer["not_found"] == {"count": 0, "names": []} and answer["seen"] == 3, answer
        assert not {1, 6, 20} & set(ids(answer)), answer
        out, _ = scratch.ctl("recommend", "--list", mine, "-n", "1")
        assert out.startswith(f"by {mine}: 2 ratings, 1 disliked without a score, 1 planned\n"), out
        # the reasons tell what dislikes do
        why = [item["explain"] for item in scratch.ask("recommend", "--list", mine, "-n", "40", "--why")["items"]]
        against = [told for told in why if any(show["id"] == 20 and show["part"] < 0 for show in told["known"])]
        assert against and all('"Naruto", disliked (' in told["text"] for told in against), why
        assert all(show["score"] is None for told in why for show in told["known"] if show["id"] == 20), why
        silent = [item["explain"] for item in
                  scratch.ask("recommend", "--list", mine, "-n", "40", "--why", "--ignore-dislikes")["items"]]
        assert silent and not any(show["id"] == 20 for told in silent for show in told["known"]), silent
        # what is planned, what is owned, and what is not wanted here
        assert ids(scratch.ask("recommend", "--list", mine, "--planned")) == [5]
        owned = scratch.write("owned.csv", f"id,title\n{answer['items'][1]['id']},\n1,\n,No Such Show\n")
        assert ids(scratch.ask("recommend", "--list", mine, "--only", owned)) == [answer["items"][1]["id"]]
        assert ids(scratch.ask("recommend", "--list", mine, "--not", owned, "-n", "5"))[:3] == \
            [i for i in ids(answer) if i != answer["items"][1]["id"]][:3]
        unknown = "".join(f",No Such Show {i}\n" for i in range(1, 7))
        owned = scratch.write("owned.csv", f"id,title\n1,\n{answer['items'][1]['id']},\n{unknown}")
        names = "No Such Show 1, No Such Show 2, No Such Show 3, No Such Show 4, No Such Show 5, ..."
        for option in ("--only", "--not"):
            out, _ = scratch.ctl("recommend", "--list", mine, option, owned)
            assert f"\n{owned}: 6 not found: {names}\n" in out, out
            out, _ = scratch.ctl("recommend", "Trigun=9", option, owned)
            assert f"\n{owned}: 6 not found: {names}\n" in out, out
        # of a list that is longer than one request holds what says least is left out
        many = scratch.write("many.csv", "id,status,score\n" + "".join(
            f"{100000 + i},completed,7\n" for i in range(11998)) + "20,planned,\n15,ignored,\n6,dropped,\n1,completed,9\n")
        out, err = scratch.ctl("recommend", "--list", many, "--format", "csv", "-n", "3")
        assert f"{many} has 12002 shows, more than the daemon takes; the 2 that say least are left out" in err, err
        assert f"by {many}: 1 rating, 1 disliked without a score\n11998 not found" in out, out
        # my own list is the one that is meant where none is named, and rating shows changes it
        scratch.ctl("import", mine)
        assert ids(scratch.ask("recommend", "-n", "5")) == ids(answer)
        scratch.ctl("ignore", f"id:{answer['items'][0]['id']}")
        assert answer["items"][0]["id"] not in ids(scratch.ask("recommend", "-n", "5"))
        assert scratch.ask("recommend", "Trigun=9", "-n", "1")["ratings"][0]["id"] == 6
        for wrong in (["Trigun=9", "--list", mine], ["--user", "demo_user_001", "--list", mine],
                      ["--list", mine, "--list", mine, "--list", mine], ["--for", "both"]):
            scratch.ctl("recommend", *wrong, status=2)
        _, err = scratch.ctl("recommend", "--list", "nowhere.xml", status=1)
        assert "nowhere.xml" in err, err
        # drawn by chance, and the same again
        drawn = {ids(scratch.ask("random", "--seed", str(seed)))[0] for seed in range(12)}
        assert len(drawn) > 1 and not {1, 6, 20} & drawn, drawn
        assert scratch.ctl("random", "--seed", "3") == scratch.ctl("random", "--seed", "3")
        assert len(ids(scratch.ask("random", "--seed", "3", "-n", "4"))) == 4
        assert len(ids(scratch.ask("recommend", "--diverse", "0.6", "-n", "6"))) == 6


def marked(scratch):
    with serve(scratch):
        before, _ = scratch.ctl("similar", "Cowboy Bebop", "--sequels", "show", "-n", "20")
        assert "Mine" not in before, before
        scratch.ctl("rate", "Trigun", "8.5")
        hers = scratch.write("hers.csv", "id,status,score\n5,planned,9\n")
        scratch.ctl("import", hers)
        shows = scratch.ask("similar", "Cowboy Bebop", "--sequels", "show", "-n", "20")
        assert {5, 6} <= set(ids(shows)), shows
        out, _ = scratch.ctl("similar", "Cowboy Bebop", "--sequels", "show", "-n", "20")
        lines = {words[-1]: line for line in out.splitlines() for words in [line.split("  ")]}
        assert any("8.5" in line and "Trigun" in line for line in lines.values()), out
        assert any("planned" in line for line in lines.values()), out
        assert not any("planned, 9" in line or "  9  " in line for line in lines.values()), out
        # my list in other forms, and of several statuses
        lines = [line.split("\t") for line in scratch.ctl("list", "--format", "tsv")[0].splitlines()]
        assert lines[0] == ["status", "score", "title", "year", "id"] and len(lines) == 3, lines
        assert lines[1][:3] == ["completed", "8.5", "Trigun"] and lines[1][4] == "6", lines
        assert lines[2][0] == "planned" and lines[2][1] == "9" and lines[2][4] == "5", lines
        assert scratch.ctl("list", "--format", "titles", "--status", "plan,completed")[0].splitlines()[0] == "Trigun"
        assert scratch.ctl("list", "--format", "titles", "--status", "dropped,completed")[0] == "Trigun\n"
        assert scratch.ctl("list", "--format", "json") == scratch.ctl("list", "--json")
        assert scratch.ctl("list", "--format", "table") == scratch.ctl("list")
        for wrong in (["--status", "planned,bogus"], ["--status", ""], ["--format", "xml"]):
            assert "is one of" in scratch.ctl("list", *wrong, status=2)[1]
        # what is planned is not seen
        unseen = ids(scratch.ask("similar", "Cowboy Bebop", "--sequels", "show", "-n", "20", "--unseen"))
        assert 5 in unseen and 6 not in unseen, unseen
        known = ids(scratch.ask("cult", "--sequels", "show", "-n", "30"))
        scratch.ctl("seen", f"id:{known[1]}")
        scratch.ctl("plan", f"id:{known[2]}")
        unseen = ids(scratch.ask("cult", "--sequels", "show", "-n", "30", "--unseen"))
        assert known[1] not in unseen and known[2] in unseen, (known, unseen)


def told(scratch):
    mine = scratch.write("mine.xml", mal_xml(ROWS))
    hers = scratch.write("hers.json", anilist([(1, "Cowboy Bebop", 8, "completed"), (6, "Trigun", 5, "completed"),
                                               (20, "Naruto", 10, "completed")], 100))
    with serve(scratch):
        answer = scratch.ask("next", "--list", mine)
        assert answer["items"][0]["after"]["id"] == 1 and answer["items"][0]["id"] == 5, answer
        out, _ = scratch.ctl("next", "--list", mine)
        assert "Cowboy Bebop" in out, out
        taste = scratch.ask("taste", "--list", mine)
        assert taste["shows"] == 3 and taste["scored"] == 2 and taste["mean"] == 9.5, taste
        out, _ = scratch.ctl("taste", "--list", mine)
        assert "mean score 9.50 of 2" in out and "more than others:" in out, out
        both = scratch.ask("compare", mine, hers)
        assert both["seen"] == 3 and both["common"] == 2 and both["correlation"] is None, both
        assert [show["id"] for show in both["differ"]] == [6, 1] and both["differ"][0]["scores"][0] == 10, both
        out, _ = scratch.ctl("compare", mine, hers)
        assert "too little to tell an affinity" in out and "both like" in out, out
        scratch.ctl("import", mine)
        assert scratch.ask("compare", hers)["common"] == 2
        two = scratch.ask("recommend", "--list", mine, "--list", hers, "--for", "either", "-n", "3")
        assert two["with"]["used"]["ratings"] == 3 and len(ids(two)) == 3, two
        # what is predicted for either is what is predicted for them alone
        alone = {show["id"]: show["predicted"] for show in scratch.ask("recommend", "--list", hers, "-n", "1000")["items"]}
        assert all(len(show["predicted"]) == 2 for show in two["items"]), two
        shared = [show for show in two["items"] if show["id"] in alone]
        assert shared and all(abs(show["predicted"][1] - alone[show["id"]]) < 1e-4 for show in shared), (two, alone)
        _, err = scratch.ctl("recommend", "--list", mine, "--list", hers, "--why", status=2)
        assert err.endswith("animectl: --why is for one list; leave it out, or give --list once\n"), err
        out, _ = scratch.ctl("recommend", "--list", mine, "--list", hers, "-n", "3")
        assert "Predicted  Predicted 2  Mean" in out, out
        assert out.count("\nby ") + out.startswith("by ") == 2, out


def next_in_order(scratch):
    """What continues a show comes by year, films among it, and then what is beside the series, be that by its type, by its
    title, or since hardly anybody knows it."""
    shows = [(1, "Saga", "TV", 2000, 9000), (2, "Saga OVA", "OVA", 2001, 5000), (3, "Saga II", "TV", 2003, 4000),
             (4, "Saga Movie", "Movie", 2002, 3000), (5, "Saga: Recap", "", 2001, 100),
             (6, "Saga Specials", "", 2001, 5000), (7, "Saga: Opening", "Music", 2001, 5000),
             (8, "Elsewhere", "TV", 2004, 9000)]
    scratch.write("animes.csv", "uid,title,type,genre,aired,members\n" + "".join(
        f'{i},{title},{kind},"[\'Drama\']","Jan 1, {year}",{members}\n' for i, title, kind, year, members in shows))
    scratch.write("reviews.csv", "uid,profile,anime_uid,score\n" + "".join(
        f"{u * 10 + i},user{u},{i},{5 + (u + i) % 5}\n" for u in range(30) for i in range(1, 9)))
    with serve(scratch, data=scratch.home, model="{plugin: bias, epochs: 1, factors: 4}",
               more="train: {refit: false}\n"):
        mine = scratch.write("mine.csv", "id,score\n1,9\n8,10\n")
        answer = scratch.ask("next", "--list", mine)
        assert answer["series"] == 1 and ids(answer) == [4], answer
        assert [show["id"] for show in answer["items"][0]["more"]] == [3, 2, 5, 6, 7], answer
        assert [show["kind"] for show in answer["items"][0]["more"]] == ["after"] + ["aside"] * 4, answer
        out, _ = scratch.ctl("next", "--list", mine)
        assert "Saga II, Saga OVA, Saga: Recap and 2 more" in out, out
        out, _ = scratch.ctl("next", "--list", mine, "--genre", "Drama", "--year", "1950..1960")
        assert out.endswith("of 6 unseen parts of what was finished none passes the filters\n"), out
        # what is older than the last finished show is never sold as what continues it
        mine = scratch.write("mine.csv", "id,score\n4,9\n")
        answer = scratch.ask("next", "--list", mine)
        assert ids(answer) == [3] and answer["items"][0]["more"][0]["id"] == 1, answer
        assert answer["items"][0]["more"][0]["kind"] == "before", answer
        mine = scratch.write("mine.csv", "id,score\n3,9\n4,7\n2,8\n")
        answer = scratch.ask("next", "--list", mine)["items"][0]
        assert (answer["id"], answer["kind"], answer["after"]["id"]) == (1, "before", 3), answer
        out, _ = scratch.ctl("next", "--list", mine)
        assert "before Saga II" in out, out


def next_without_types(scratch):
    """Without types a recap, a special and an omake are known by their words, their few episodes and how few know them,
    and come behind seasons, those of other shows too; a film that many know is a part of its series."""
    shows = [(1, "Saga", 26, 2000, 9000), (2, "Saga: Special Edition", 3, 2001, 8000),
             (3, "Saga: The Parting", 1, 2002, 4000), (4, "Saga: A Day Off", 1, 2001, 1000), (5, "Saga Shin", 24, 2003, 5000),
             (11, "Mirth", 12, 2000, 5000), (12, "Mirth Recap", 4, 2001, 4000), (21, "Gloom", 12, 2000, 5000),
             (22, "Gloom 2", 12, 2001, 4000)]
    scratch.write("animes.csv", "uid,title,genre,aired,episodes,members\n" + "".join(
        f'{i},{title},"[\'Drama\']","Jan 1, {year}",{episodes},{members}\n'
        for i, title, episodes, year, members in shows))
    scratch.write("reviews.csv", "uid,profile,anime_uid,score\n" + "".join(
        f"{u * 100 + i},user{u},{i},{5 + (u + i) % 5}\n" for u in range(30) for i, *_ in shows))
    with serve(scratch, data=scratch.home, model="{plugin: bias, epochs: 1, factors: 4}",
               more="train: {refit: false}\n"):
        mine = scratch.write("mine.csv", "id,score\n1,8\n11,10\n21,6\n")
        answer = scratch.ask("next", "--list", mine)
        assert ids(answer) == [3, 22, 12], answer
        assert [show["id"] for show in answer["items"][0]["more"]] == [5, 2, 4], answer


def read_terminal(controller):
    """What programs have written to a terminal that they all have closed; closes the other end, too."""
    out = b""
    with harness.limit("the end of what is written to the terminal"):
        while True:
            select.select([controller], [], [])
            try:
                piece = os.read(controller, 65536)
            except OSError:
                break
            if not piece:
                break
            out += piece
    os.close(controller)
    return out.decode()


def reasons_on_a_terminal(scratch):
    """On a terminal the shows of the list that an answer comes from are told without being asked for."""
    mine = scratch.write("mine.xml", mal_xml(ROWS))

    def on_terminal(*args):
        controller, terminal = harness.open_terminal()
        with subprocess.Popen([harness.ANIMECTL, *args], env=scratch.env, stdin=subprocess.DEVNULL, stdout=terminal,
                              stderr=subprocess.PIPE) as process:
            os.close(terminal)
            out = read_terminal(controller)
            assert process.wait() == 0, process.stderr.read()
        return out

    with serve(scratch):
        assert "for it: " in on_terminal("recommend", "--list", mine)
        assert "for it: " not in on_terminal("recommend", "--list", mine, "--no-why")
        assert "for it: " not in scratch.ctl("recommend", "--list", mine)[0]
        assert "for it: " in scratch.ctl("recommend", "--list", mine, "--why")[0]
        assert "for it: " not in on_terminal("recommend", "--list", mine, "--list", mine)
    with serve(scratch, stages=["ranking: {plugin: predicted}"]):
        assert "Predicted" in on_terminal("recommend", "--list", mine)


def a_choice_on_a_terminal(scratch):
    """Where a title may be several shows, a terminal is asked which one; anything else gets the candidates."""
    scratch.write("reviews.csv", "uid,profile,anime_uid,score\n" + "".join(
        f"{u * 10 + i},user{u},{i},{5 + (u + i) % 5}\n" for u in range(30) for i in range(1, 7)))
    scratch.write("animes.csv", "uid,title,genre,aired,members\n" + "".join(
        f'{i},{title},"[\'Drama\']","Jan 1, {2000 + i}",1000\n'
        for i, title in enumerate(["Twin", "Twin", "Other", "Third", "Fourth", "Fifth"], 1)))

    def typed(text, *args):
        controller, terminal = harness.open_terminal()
        with subprocess.Popen([harness.ANIMECTL, *args], env=scratch.env, stdin=terminal, stdout=subprocess.PIPE,
                              stderr=terminal, text=True) as process:
            os.close(terminal)
            os.write(controller, text.encode())
            with harness.limit("the end of the answer"):
                out = process.communicate()[0]
            status = process.returncode
        return status, out, read_terminal(controller)

    scratch.configure(data=scratch.home, model="{plugin: bias, epochs: 1, factors: 4}",
                      more="train: {refit: false}\nqueries: {min_ratings: 0}\n")
    scratch.animed("train")
    with scratch.daemon():
        _, err = scratch.ctl("show", "Twin", status=1)
        assert err.startswith("animectl: ambiguous-title: ") and "id:2" in err, err
        status, out, asked = typed("9\n2\n", "show", "Twin")
        assert status == 0 and "2002" in out, (status, out, asked)
        assert "\"Twin\" (2001)" in asked and asked.count("which one, 1 to 2? ") == 2, asked
        status, out, asked = typed("\n", "show", "Twin")
        assert status == 1 and out == "" and "ambiguous-title" in asked, (status, out, asked)
        assert typed("1\n", "similar", "Other", "-x", "Twin", "-n", "3")[0] == 0
        assert typed("1\n2\n", "recommend", "Twin=8", "Other=7")[0] == 0
        # my list takes the show that is chosen
        assert typed("2\n", "rate", "Twin", "9")[0] == 0
        assert [entry["mal"] for entry in scratch.ask("list")["entries"]] == [2]


def other_ids(scratch):
    """Lists that have only ids of another site are read by a file of ids, which is read again with each reload."""
    arm = scratch.write("arm.json", json.dumps([{"mal_id": 1, "anilist_id": 1001}, {"mal_id": 6, "anilist_id": 1006},
                                                {"mal_id": 99999999, "anilist_id": 5}]))
    gdpr = scratch.write("gdpr.json", json.dumps({"user": {"id": 1}, "lists": [
        {"id": 7, "series_id": 1001, "series_type": 0, "score": 90, "status": 2},
        {"id": 8, "series_id": 1006, "series_type": 0, "score": 80, "status": 2},
        {"id": 9, "series_id": 1007, "series_type": 0, "score": 80, "status": 2}], "favourites": []}))
    with serve(scratch, more=f"lists: {{ids: {arm}}}\n") as daemon:
        assert "lists.ids: 2 ids of other services for 2 shows" in daemon.log, daemon.log
        assert call(scratch, "show", {"ids": {"anilist": 1006}})["item"]["id"] == 6
        assert call(scratch, "similar", "id:1")["item"]["id"] == 1
        refused = call(scratch, "show", {"ids": {"anilist": 7}})
        assert refused == [1, 'unknown-title: there is no show "anilist:7"'], refused
        answer = scratch.ask("recommend", "--list", gdpr)
        assert answer["not_found"] == {"count": 1, "names": ["anilist:1007"]} and answer["seen"] == 2, answer
        scratch.write("arm.json", "[{\"mal_id\": 1,]")
        _, err = scratch.ctl("reload", status=5)
        assert "arm.json: the object on line 1 is no JSON" in err or "arm.json:" in err, err
        assert scratch.ask("recommend", "--list", gdpr)["seen"] == 2
        scratch.write("arm.json", json.dumps([{"mal_id": 20, "anilist_id": 1007}]))
        scratch.ctl("reload")
        assert scratch.ask("recommend", "--list", gdpr)["seen"] == 1


def nothing_is_kept(scratch):
    """Neither the log, however much it says, nor any file of the daemon has anything of a list."""
    rows = [(1, "Cowboy Bebop", 9, "completed"), (123456789, "Xyzzy of the Lists", 8, "completed")]
    mine = scratch.write("mine.xml", mal_xml(rows))
    daemon = serve(scratch, more="log: debug\n")
    with daemon:
        for command in (["recommend"], ["random"], ["next"], ["taste"]):
            scratch.ctl(*command, "--list", mine)
        scratch.ctl("compare", mine, mine)
        answer = scratch.ask("recommend", "--list", mine)
        assert answer["not_found"]["names"] == ["Xyzzy of the Lists"], answer
    os.remove(mine)
    for folder, _, names in os.walk(scratch.home):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            assert b"Xyzzy" not in data and b"123456789" not in data, os.path.join(folder, name)
    assert "Xyzzy" not in daemon.log and "123456789" not in daemon.log


# ---- real ratings ----

def split(scratch):
    """Hide a share of what some people have rated.  Returns {user: (rows that are shown, ids of what is hidden and
    liked)}, and leaves the rest as the data of the scratch directory."""
    with open(os.path.join(harness.MAL, "animes.csv"), encoding="utf-8", newline="") as file:
        titles = {int(row["uid"]): row["title"] for row in csv.DictReader(file)}
    with open(os.path.join(harness.MAL, "reviews.csv"), encoding="utf-8", newline="") as file:
        rows = {(row["profile"], int(row["anime_uid"])): row for row in csv.DictReader(file)}
    counts = {}
    for user, _ in rows:
        counts[user] = counts.get(user, 0) + 1
    rng = random.Random(7)
    people = {user: ([], set()) for user in rng.sample(sorted(u for u, n in counts.items() if n >= 20), PEOPLE)}
    with open(scratch.path("reviews.csv"), "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["uid", "profile", "anime_uid", "score"])
        for (user, show), row in rows.items():
            score = int(row["score"])
            hidden = user in people and rng.random() < HIDDEN
            if user in people and hidden and score >= RELEVANT:
                people[user][1].add(show)
            elif user in people and not hidden:
                people[user][0].append((show, titles[show], score, "completed"))
            if not hidden:
                out.writerow([row["uid"], user, show, score])
    os.symlink(os.path.realpath(os.path.join(harness.MAL, "animes.csv")), scratch.path("animes.csv"))
    return {user: both for user, both in people.items() if both[0] and both[1]}


def ndcg(answer, relevant):
    gains = [1 / math.log2(place + 2) for place in range(10)]
    return sum(gains[place] for place, show in enumerate(answer[:10]) if show in relevant) / \
        sum(gains[:min(10, len(relevant))])


def every_format_is_the_same(scratch):
    """Whatever a list comes in, it is answered as the same ratings are by the ranking alone, for people of whom a share is
    held out."""
    harness.need_real_ratings()
    people = split(scratch)
    scratch.configure(data=scratch.home, model="{plugin: bias, epochs: 1, factors: 8}", more="train: {refit: false}\n")
    scratch.animed("train")
    figures = {name: 0 for name in ["user", *FORMATS, "mal.xml.gz", "titles"]}
    missing = 0
    with scratch.daemon():
        for user, (rows, relevant) in people.items():
            right = ids(scratch.ask("recommend", "--user", user, "--sequels", "show"))
            figures["user"] += ndcg(right, relevant) / len(people)
            for name, make in FORMATS.items():
                path = scratch.write(name, make(rows))
                scale = [] if name == "kitsu.json" else ["--scale", "100" if "100" in name else "10"]
                got = ids(scratch.ask("recommend", "--list", path, *scale, "--sequels", "show"))
                assert got == right, (user, name, got, right)
                figures[name] += ndcg(got, relevant) / len(people)
            with gzip.open(scratch.path("mal.xml.gz"), "wb") as file:
                file.write(mal_xml(rows).encode())
            got = ids(scratch.ask("recommend", "--list", scratch.path("mal.xml.gz"), "--sequels", "show"))
            figures["mal.xml.gz"] += ndcg(got, relevant) / len(people)
            # titles alone, of which a few are those of several shows, and scores by half stars
            answer = scratch.ask("recommend", "--list", scratch.write("titles.json", anime_planet(rows)), "--sequels",
                                 "show")
            missing += answer["not_found"]["count"]
            figures["titles"] += ndcg(ids(answer), relevant) / len(people)
    shown = sum(len(rows) for rows, _ in people.values())
    print(f"   of {shown} titles {missing} are not found")
    assert missing < shown / 200, missing
    assert abs(figures.pop("titles") - figures["user"]) < 0.01
    print(f"   NDCG@10 of {len(people)} people: {figures}")
    assert all(abs(figure - figures["user"]) < 1e-9 for figure in figures.values()), figures
    assert figures["user"] > 0.25, figures


def half_without_scores(scratch):
    """Shows without a score say nearly as much as those with one, and far more than nothing."""
    harness.need_real_ratings()
    people = split(scratch)
    scratch.configure(data=scratch.home, model="{plugin: bias, epochs: 1, factors: 8}", more="train: {refit: false}\n")
    scratch.animed("train")
    rng = random.Random(3)
    figures = {"all": 0, "likes": 0, "left out": 0}
    with scratch.daemon():
        for rows, relevant in people.values():
            unscored = {row[0] for row in rows if rng.random() < 0.5}
            lists = {"all": rows, "likes": [(i, t, 0 if i in unscored else s, k) for i, t, s, k in rows],
                     "left out": [row if row[0] not in unscored else (*row[:2], 0, "on_hold") for row in rows]}
            for name, given in lists.items():
                path = scratch.write("list.xml", mal_xml(given))
                answer = scratch.ask("recommend", "--list", path, "--sequels", "show")
                figures[name] += ndcg(ids(answer), relevant) / len(people)
    print(f"   NDCG@10 of {len(people)} people: {figures}")
    assert figures["left out"] + 0.02 < figures["likes"] < figures["all"] + 0.02, figures


if __name__ == "__main__":
    tests = [by_a_list, marked, told, next_in_order, next_without_types, reasons_on_a_terminal, a_choice_on_a_terminal, other_ids, nothing_is_kept]
    harness.main(tests if harness.SANITIZE != "no" else [*tests, every_format_is_the_same, half_without_scores])

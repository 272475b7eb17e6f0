#!/usr/bin/env python3
"""Tests lists of people: importing every kind, my list and the commands that change it, exporting, all through animectl."""

import csv
import gzip
import io
import json
import os
import random
import stat
import subprocess
import xml.sax.saxutils

import harness

LISTS = os.path.join(harness.SRCDIR, "..", "shared", "data", "lists")
STATUSES = ("watching", "completed", "on_hold", "planned", "dropped")
SEED = 7


def my_list(scratch):
    """The entries of my list, by their MyAnimeList id, else by title."""
    entries = json.loads(scratch.ctl("--json", "list")[0])["entries"]
    return {entry.get("mal", entry.get("title")): entry for entry in entries}


def list_file(scratch):
    return os.path.join(scratch.env["XDG_DATA_HOME"], "animectl", "list.json")


def imported(scratch, text, *options, name="list", status=0):
    """Import a text as a file.  Returns what animectl prints."""
    scratch.write(name, text)
    return scratch.ctl("import", name, *options, status=status)[0 if status == 0 else 1]


# ---- lists that are made up, in every form ----

def make_up(n):
    """n shows as (id, title, status, score on a scale of 10 or 0, progress, repeats)."""
    rng = random.Random(SEED)
    ids = rng.sample(range(1, 60000), n)
    return [(id, f"Show {id} & \"more\" é, <x>", rng.choice(STATUSES), rng.choice((0, 0, *range(1, 11))), rng.randrange(30),
             rng.choice((0, 0, 1, 3))) for id in ids]


def as_mal_xml(shows, _):
    names = {"watching": "Watching", "completed": "Completed", "on_hold": "On-Hold", "planned": "Plan to Watch",
             "dropped": "Dropped"}
    return "<?xml version='1.0'?><myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>" + "".join(
        f"<anime><series_animedb_id>{id}</series_animedb_id><series_title>{xml.sax.saxutils.escape(title)}</series_title>"
        f"<my_watched_episodes>{progress}</my_watched_episodes><my_score>{score}</my_score><my_status>{names[status]}"
        f"</my_status><my_times_watched>{repeats}</my_times_watched></anime>"
        for id, title, status, score, progress, repeats in shows) + "</myanimelist>"


def as_anilist(shows, scale):
    names = {"watching": "CURRENT", "completed": "COMPLETED", "on_hold": "PAUSED", "planned": "PLANNING",
             "dropped": "DROPPED"}
    entries = [{"media": {"id": id + 100000, "idMal": id, "title": {"romaji": title}}, "status": names[status],
                "score": score * scale / 10, "progress": progress, "repeat": repeats}
               for id, title, status, score, progress, repeats in shows]
    return json.dumps({"data": {"MediaListCollection": {"lists": [
        {"isCustomList": False, "entries": entries}, {"isCustomList": True, "entries": entries[:7]}]}}})


def as_kitsu(shows, _):
    names = {"watching": "current"}
    data, included = [], []
    for id, title, status, score, progress, repeats in shows:
        data.append({"type": "libraryEntries", "attributes": {
            "status": names.get(status, status), "progress": progress, "reconsumeCount": repeats,
            "rating": f"{score / 2:.1f}", "ratingTwenty": 2 * score or None},
            "relationships": {"anime": {"data": {"type": "anime", "id": str(id + 7)}}}})
        included.append({"type": "anime", "id": str(id + 7), "attributes": {"canonicalTitle": title},
                         "relationships": {"mappings": {"data": [{"type": "mappings", "id": f"m{id}"}]}}})
        included.append({"type": "mappings", "id": f"m{id}", "attributes": {"externalSite": "myanimelist/anime",
                                                                            "externalId": str(id)}})
    return json.dumps({"data": data, "included": included})


def as_mal_api(shows, _):
    names = {"planned": "plan_to_watch"}
    return json.dumps({"data": [{"node": {"id": id, "title": title}, "list_status": {
        "status": names.get(status, status), "score": score, "num_episodes_watched": progress,
        "num_times_rewatched": repeats}}
        for id, title, status, score, progress, repeats in shows], "paging": {}})


def as_simkl(shows, _):
    names = {"planned": "plantowatch", "on_hold": "hold"}
    return json.dumps({"anime": [{"status": names.get(status, status), "user_rating": score or None,
                                  "watched_episodes_count": progress, "show": {"title": title, "ids": {"mal": str(id)}}}
                                 for id, title, status, score, progress, _ in shows]})


def as_load_json(shows, _):
    numbers = {"watching": 1, "completed": 2, "on_hold": 3, "dropped": 4, "planned": 6}
    return json.dumps([{"anime_id": id, "anime_title": title, "status": numbers[status], "score": score,
                        "num_watched_episodes": progress} for id, title, status, score, progress, _ in shows])


def as_anime_planet(shows, _):
    names = {"completed": "watched", "on_hold": "stalled", "planned": "want to watch"}
    return json.dumps({"user": {"name": "a"}, "export": {"type": "anime"}, "entries": [
        {"name": title, "status": names.get(status, status), "rating": score / 2, "eps": progress,
         "times": repeats and repeats + 1} for _, title, status, score, progress, repeats in shows]})


def as_csv(shows, scale):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(("Title", "Score", "MAL ID", "Status", "Progress", "Repeats"))
    for id, title, status, score, progress, repeats in shows:
        writer.writerow((title, score and score * scale / 10, id, status, progress, repeats))
    return out.getvalue()


def as_yamtrack(shows, _):
    names = {"watching": "In progress", "completed": "Completed", "on_hold": "Paused", "planned": "Planning",
             "dropped": "Dropped"}
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("media_id", "source", "media_type", "title", "score", "progress", "status", "repeats"))
    for id, title, status, score, progress, repeats in shows:
        writer.writerow((id, "mal", "anime", title, f"{score:.1f}" if score else "", progress, names[status], repeats))
        writer.writerow((id, "mal", "manga", title, "1.0", 1, "Completed", 0))
    return out.getvalue()


def as_json_lines(shows, scale):
    return "".join(json.dumps({"mal_id": id, "title": title, "status": status, "score": score * scale / 10,
                               "progress": progress, "repeats": repeats}) + "\n"
                   for id, title, status, score, progress, repeats in shows)


def in_stars(shows):
    """The shows with scores that five stars and three smileys have both."""
    return [(id, title, status, score and 10, progress, repeats) for id, title, status, score, progress, repeats in shows]


# each with the scales that a file of it may have, and what the form cannot say
FORMS = [(as_mal_xml, (10,), ()), (as_anilist, (100, 10), ()), (as_kitsu, (10,), ()), (as_mal_api, (10,), ()),
         (as_simkl, (10,), ("repeats",)), (as_load_json, (10,), ("repeats",)), (as_anime_planet, (10,), ("mal",)),
         (as_csv, (100, 10, 5), ()), (as_yamtrack, (10,), ()), (as_json_lines, (100, 10, 5), ())]
IDS_OF_SITES = ("anilist", "kitsu")


def every_form_is_the_same_list(scratch):
    shows = make_up(400)
    for form, scales, missing in FORMS:
        expected = sorted(tuple(sorted((key, value) for key, value in (
            ("mal", id), ("title", title), ("status", status), ("score", score), ("progress", progress),
            ("repeats", repeats))
            if value and key not in missing)) for id, title, status, score, progress, repeats in shows)
        for scale in scales:
            text = form(shows, scale)
            for packed in (False, True):
                with (gzip.open if packed else open)(scratch.path("any.name"), "wt", encoding="utf-8") as file:
                    file.write(text)
                out = json.loads(scratch.ctl("--json", "import", "any.name")[0])
                assert out["shows"] == len(shows) and out["told"] == [] and not out["looked_up"], (form, out)
                found = sorted(tuple(sorted((key, value) for key, value in entry.items() if key not in IDS_OF_SITES))
                               for entry in json.loads(scratch.ctl("--json", "list")[0])["entries"])
                assert found == expected, (form, scale)
                os.remove(list_file(scratch))


def stars_and_smileys(scratch):
    shows = in_stars(make_up(50))
    for scale in (5, 3):
        out = imported(scratch, as_anilist(shows, scale))
        assert f"scores up to {scale} by the look of them" in out, out
        assert {id: entry.get("score", 0) for id, entry in my_list(scratch).items()} == {show[0]: show[3] for show in shows}
        os.remove(list_file(scratch))


def exports_come_back(scratch):
    shows = make_up(300)
    imported(scratch, as_mal_xml(shows, 10))
    before = my_list(scratch)
    for options, name in (((), "mal.xml"), (("--format", "json"), "mine.json")):
        out, err = scratch.ctl("export", *options)
        assert err == "", err
        assert scratch.ctl("export", *options, name) == ("", "")
        with open(scratch.path(name), encoding="utf-8") as file:
            assert file.read() == out
        os.remove(list_file(scratch))
        scratch.ctl("import", name)
        assert my_list(scratch) == before, name
        assert scratch.ctl("export", *options)[0] == out
    with open(list_file(scratch), encoding="utf-8") as file:
        assert file.read() == out, "the export as JSON is the file itself"
    # from standard input
    os.remove(list_file(scratch))
    with open(scratch.path("mal.xml"), encoding="utf-8") as file:
        done = subprocess.run([harness.ANIMECTL, "import", "-"], env=scratch.env, stdin=file, capture_output=True,
                              text=True, timeout=harness.TIMEOUT)
    assert done.returncode == 0 and done.stdout.startswith("standard input: an export of MyAnimeList, 300 shows"), done
    assert my_list(scratch) == before


def texts(scratch):
    """A plain text has a title a line, and a byte that is no UTF-8 is told, and spoils nothing else."""
    out = imported(scratch, "Mushishi\r\n\nThe Tale, of Things\nTrigun\n")
    assert "list: a list of titles, 3 shows\n" in out, out
    assert set(my_list(scratch)) == {"Mushishi", "The Tale, of Things", "Trigun"}
    for text in (b"title,score\nCaf\xe9,7\nB,8\n",
                 b"<?xml version='1.0' encoding='UTF-8'?><myanimelist>\n<anime><series_title>Caf\xe9</series_title><my_score>7"
                 b"</my_score></anime><anime><series_title>B</series_title><my_score>8</my_score></anime></myanimelist>"):
        os.remove(list_file(scratch))
        with open(scratch.path("bytes"), "wb") as file:
            file.write(text)
        out = scratch.ctl("import", "bytes")[0]
        assert 'line 2: 1 byte is not UTF-8, read as "?"' in out, out
        assert {title: entry["score"] for title, entry in my_list(scratch).items()} == {"Caf?": 7, "B": 8}
    with open(scratch.path("bytes"), "wb") as file:
        file.write(b"title,score\n" + b"Caf\xe9,7\n" * 20)
    assert "bytes:2: is not UTF-8; convert it" in scratch.ctl("import", "bytes", status=1)[1]
    os.remove(list_file(scratch))
    imported(scratch, "mal_id,status,progress\n1,completed,\n2,completed,12\n3,watching,\n")
    out = scratch.ctl("export")[0]
    assert out.count("<my_watched_episodes>") == 2 and "<my_watched_episodes>12<" in out, out


def without_a_daemon(scratch):
    out = imported(scratch, "title,score,status\nCowboy Bebop,4.5,\nTrigun,2,dropped\nNaruto,,plan to watch\n")
    assert "list: a CSV file, 3 shows, scores up to 5 by the look of them; --scale says otherwise\n" in out, out
    assert "  2 ratings, 1 planned\n" in out and "  3 have no id of MyAnimeList; import again when a daemon runs" in out, out
    assert "  your list: 3 new, 0 changed, 0 as before\n" in out, out
    assert my_list(scratch)["Cowboy Bebop"] == {"title": "Cowboy Bebop", "status": "completed", "score": 9}
    out = imported(scratch, "title,score\nCowboy Bebop,4.5\n", "--scale", "10")
    assert "scores up to 10\n" in out and my_list(scratch)["Cowboy Bebop"]["score"] == 4.5, out
    assert stat.S_IMODE(os.stat(list_file(scratch)).st_mode) == 0o600
    assert scratch.ctl("forget", "cowboy bebop")[0] == "Cowboy Bebop (no id): forgotten; it was completed, 4.5\n"
    _, err = scratch.ctl("rate", "Trigun", "8", status=3)
    assert "no daemon at" in err, err
    _, err = scratch.ctl("forget", "Akira", status=3)
    assert "no daemon at" in err, err
    out, _ = scratch.ctl("list")
    assert out.splitlines() == ["Status   Score  Title", "planned         Naruto", "dropped      4  Trigun"], out
    # a show that has nothing but an id elsewhere is called by that
    imported(scratch, '{"lists": [{"series_id": 21, "series_type": 0, "score": 85, "status": 2}]}')
    assert "completed    8.5  anilist:21" in scratch.ctl("list")[0]
    assert scratch.ctl("forget", "anilist:21")[0] == "anilist:21 (no id): forgotten; it was completed, 8.5\n"
    out, _ = scratch.ctl("list", "--status", "Plan to Watch")
    assert out.splitlines() == ["Status   Title", "planned  Naruto"], out


def what_is_no_list_or_scale(scratch):
    rows = "title,score\n" + "".join(f"Show {i},{i % 10 + 1}\n" for i in range(40))
    err = imported(scratch, rows, "--scale", "3", status=1)
    assert "list: 28 of 40 scores are above 3, so that --scale 3 cannot be right" in err, err
    out = imported(scratch, rows + "Far Off,85\n")
    assert "scores up to 10 by the look of them" in out, out
    assert '"Far Off" has the score 85, beyond the scale, which ends at 10; taken as not scored' in out, out
    assert my_list(scratch)["Far Off"] == {"title": "Far Off", "status": "completed"}
    # what commands that ask by a file are told is what import tells
    _, err = scratch.ctl("recommend", "--list", "list", status=3)
    assert "animectl: list: scores up to 10 by the look of them; --scale says otherwise\n" in err, err
    assert 'animectl: list: "Far Off" has the score 85' in err, err
    cut = scratch.write("cut.xml", "<myanimelist><anime><series_animedb_id>1</series_animedb_id><series_title>A & B"
                        "</series_title></anime>\n<anime><series_")
    for words in (("taste", "--list", cut), ("next", "--list", cut), ("compare", cut, cut)):
        _, err = scratch.ctl(*words, status=3)
        assert f'animectl: {cut}: line 1: a "&" or "<" is not escaped' in err and "the list is read up to there" in err, err
    catalogue = "title\n" + "".join(f"Show {i}\n" for i in range(10001))
    err = imported(scratch, catalogue, status=1)
    assert "list: has 10001 entries, which looks like a catalogue" in err and "add --format csv" in err, err
    ids = json.dumps([{"mal_id": i, "anilist_id": i + 1} for i in range(1, 20)])
    err = imported(scratch, ids, status=1)
    assert "like a map of ids for lists.ids" in err and "add --format json" in err, err
    assert "19 shows" in imported(scratch, ids, "--format", "json")
    # the list before the last import that changed it is kept
    with open(list_file(scratch) + "~", encoding="utf-8") as file:
        assert len(json.load(file)["entries"]) == 41
    assert stat.S_IMODE(os.stat(list_file(scratch) + "~").st_mode) == 0o600
    scratch.ctl("import", "list", "--format", "json")
    with open(list_file(scratch) + "~", encoding="utf-8") as file:
        assert len(json.load(file)["entries"]) == 41


def failures(scratch):
    imported(scratch, '[{"mal_id": 1, "title": "A"}]')
    before = my_list(scratch)
    for text, part in (("", "list: is empty"), ("PK\3\4", "zip archive"), ("<html>", "HTML page"),
                       ("a,b\n1,2\n", "name the columns"), ('{"a": [}', "list:1:"), ("<myanimelist><myinfo><user_export_type>2</user_export_type></myinfo>"
                                                 "<manga/></myanimelist>", "is a list of manga")):
        err = imported(scratch, text, status=1)
        assert err.startswith("animectl: list: ") or err.startswith("animectl: list:1:"), err
        assert part in err and my_list(scratch) == before, err
    _, err = scratch.ctl("import", "absent", ".", status=1)
    assert "absent: cannot open: No such file" in err and ".: is a directory" in err, err
    for words, part in ((("import", "list", "--scale", "x"), "--scale is the highest"), (("import",), "needs FILE..."),
                        (("import", "list", "--format", "word"), "--format is one of mal, "),
                        (("list", "--status", "x"), "--status is one of"), (("rate", "Trigun", "11"), "above 0 and up to 10"),
                        (("rate", "Trigun", "good"), "above 0 and up to 10"),
                        (("export", "--format", "csv"), "--format is mal or json")):
        _, err = scratch.ctl(*words, status=2)
        assert part in err, (words, err)
    err = imported(scratch, json.dumps({"errors": [{"message": "Private user"}], "data": {"MediaListCollection": None}}),
                   status=1)
    assert 'list: is no list but an error that the site answered: "Private user"' in err, err
    # raw bytes never reach the terminal
    with open(scratch.path("raw"), "wb") as file:
        file.write(b'[{"title": "\x1b[31m", }]')
    _, err = scratch.ctl("import", "raw", status=1)
    assert "\x1b" not in err, err
    # a damaged list is left as it is
    with open(list_file(scratch), "w", encoding="utf-8") as file:
        file.write('{"animectl": 1,\n "entries": [{"mal": "one"}]}')
    for words in (("list",), ("export",), ("forget", "A"), ("import", scratch.write("good", "mal_id\n2\n"))):
        _, err = scratch.ctl(*words, status=5)
        assert err.startswith(f"animectl: {list_file(scratch)}:2:14: \"mal\" of the entry"), err
    with open(list_file(scratch), encoding="utf-8") as file:
        assert file.read() == '{"animectl": 1,\n "entries": [{"mal": "one"}]}'


def disks(scratch):
    """A disk that is full, and a directory that may not be written."""
    imported(scratch, '[{"mal_id": 1, "title": "A"}]')
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([harness.ANIMECTL, "export"], env=scratch.env, stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=harness.TIMEOUT)
    assert done.returncode == 4 and "No space left on device" in done.stderr, done
    _, err = scratch.ctl("export", "/dev/full", status=4)
    assert "/dev/full: is no regular file" in err, err
    scratch.env["XDG_DATA_HOME"] = scratch.write("file", "")
    _, err = scratch.ctl("import", scratch.write("good", "mal_id\n2\n"), status=5)
    assert "cannot keep your list there: Not a directory" in err, err
    del scratch.env["XDG_DATA_HOME"], scratch.env["HOME"]
    _, err = scratch.ctl("import", "good", status=5)
    assert "set HOME or XDG_DATA_HOME" in err, err
    scratch.env["HOME"] = scratch.home
    scratch.ctl("import", "good")
    assert os.path.exists(scratch.path(".local/share/animectl/list.json"))


def with_a_daemon(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        assert scratch.ctl("rate", "beserk", "9/10")[0] == 'Berserk (id:32379, TV, 2016), nearest to "beserk": completed, 9\n'
        assert scratch.ctl("rate", "Berserk", "8.5")[0] == "Berserk (id:32379, TV, 2016): completed, 8.5; it was completed, 9\n"
        assert scratch.ctl("plan", "cowboy", "bebop")[0] == "Cowboy Bebop (id:1, TV, 1998): planned\n"
        assert scratch.ctl("plan", "id:1")[0] == "Cowboy Bebop (id:1, TV, 1998): planned, as it was\n"
        assert scratch.ctl("rate", "id:1", "10")[0].endswith(": completed, 10; it was planned\n")
        assert scratch.ctl("drop", "Trigun")[0].endswith(": dropped\n")
        assert scratch.ctl("rate", "Trigun", "2")[0].endswith(": dropped, 2; it was dropped\n")
        assert scratch.ctl("seen", "Trigun")[0].endswith(": completed, 2; it was dropped, 2\n")
        assert scratch.ctl("ignore", "Naruto")[0].endswith(": ignored\n")
        for words in (("Cowboy Bebop", "1998"), ("cowboy bebop (1998)",), ("Cowboy Bebop (TV, 1998)",)):
            assert scratch.ctl("rate", *words, "10")[0].startswith("Cowboy Bebop (id:1, TV, 1998): "), words
        assert scratch.ask("seen", "Monster") == {"mal": 19, "title": "Monster", "year": 2004, "status": "completed"}
        _, err = scratch.ctl("seen", "no such show at all", status=1)
        assert "unknown-title" in err, err
        _, err = scratch.ctl("forget", "Made in Abyss", status=1)
        assert "Made in Abyss (id:34599, TV, 2017) is not in your list" in err, err
        out = imported(scratch, "title,year,score,status\ncowboy bebop,1998,7,completed\nNaruto,,9,completed\n"
                                "Coboy Bebob,,3,\nNo Such Show,,5,\nAnother One,,,\nA Third,,,\nA Fourth,,,\n")
        assert "  5 not in the daemon's catalogue:\n" in out and "and 2 more, which -v lists" in out, out
        assert "Coboy Bebob; nearest to it is Cowboy Bebop (id:1, TV, 1998)\n" in out, out
        assert "your list: 5 new, 2 changed (2 scores), 0 as before; 1 stay ignored\n" in out, out
        out, _ = scratch.ctl("import", "list", "-v")
        assert "A Fourth" in out and "more, which" not in out and "0 new, 0 changed, 7 as before; 1 stay" in out, out
        mine = my_list(scratch)
        assert mine[1] == {"mal": 1, "title": "Cowboy Bebop", "titles": ["cowboy bebop"], "year": 1998, "status": "completed",
                           "score": 7}, mine[1]
        assert mine[20]["status"] == "ignored" and mine[20]["score"] == 9
        # ids without titles get them from the daemon
        scratch.ctl("import", scratch.write("ids", "mal_id,score\n34599,9\n"))
        assert my_list(scratch)[34599]["title"] == "Made in Abyss"
        assert scratch.ctl("forget", "abyss")[0] == "Made in Abyss (id:34599, 2017): forgotten; it was completed, 9\n"
        # the ids of another catalogue, and titles in another language
        rows = "".join(f"{id},Another {id},\n" for id in (1, 5, 6, 19, 30, 32379, 34599))
        out = imported(scratch, "mal_id,title,year\n" + rows, name="strange")
        assert "most ids stand for other shows in the daemon's catalogue, so nothing was taken from it" in out, out
        assert my_list(scratch)[5]["title"] == "Another 5"
        out = imported(scratch, "mal_id,title,year\n" + "1,Cowboy Bebop,\n6,Hurricane,1998\n19,Monsutaa,\n34599,Abisu,\n")
        assert "most ids" not in out and my_list(scratch)[6]["titles"][0] == "Hurricane", out


def ids_of_other_services(scratch):
    """A list that has nothing but the ids of another site is as good as one with titles, if the daemon knows these ids."""
    arm = scratch.write("arm.json", json.dumps([{"mal_id": 1, "anilist_id": 1001}, {"mal_id": 6, "anilist_id": 1006},
                                                {"mal_id": 19, "anilist_id": 1019}]))
    gdpr = {"lists": [{"series_id": id, "series_type": 0, "score": score, "status": 2}
                      for id, score in ((1001, 90), (1006, 70), (1777, 60))]}
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        out = imported(scratch, json.dumps(gdpr))
        assert "3 have ids of other services alone, and the daemon knows none: set lists.ids in animed.yaml" in out, out
        assert "not in the daemon's catalogue" not in out, out
    mine = json.loads(scratch.ctl("--json", "list")[0])["entries"]
    assert [entry.get("mal") for entry in mine] == [None] * 3, mine
    scratch.configure(more=f"lists: {{ids: {arm}}}\n")
    with scratch.daemon():
        # what was kept before is found when it is changed
        assert scratch.ctl("rate", "Trigun", "6")[0].endswith(": completed, 6; it was completed, 7\n")
        assert scratch.ctl("forget", "Trigun")[0].startswith("Trigun (id:6")
        assert len(my_list(scratch)) == 2
        imported(scratch, '{"lists": [{"series_id": 1006, "series_type": 0, "score": 70, "status": 2}]}')
        out = imported(scratch, "title,score\nMonster,8\n")
        mine = my_list(scratch)
        assert mine[1] == {"mal": 1, "anilist": 1001, "title": "Cowboy Bebop", "year": 1998, "status": "completed",
                           "score": 9}, mine
        assert mine[6]["title"] == "Trigun" and mine[19]["score"] == 8 and len(mine) == 4, mine
        out = imported(scratch, json.dumps(gdpr))
        assert "1 not in the daemon's catalogue:\n    anilist:1777\n" in out and "0 new, 0 changed, 3 as before" in out, out
        assert scratch.ctl("rate", "Trigun", "5")[0].endswith(": completed, 5; it was completed, 7\n")
        assert scratch.ctl("drop", "Cowboy Bebop")[0].endswith(": dropped, 9; it was completed, 9\n")
        assert scratch.ctl("forget", "id:6")[0].startswith("Trigun (id:6, 1998): forgotten")
        assert "<series_animedb_id>1</series_animedb_id>" in scratch.ctl("export")[0]
        assert len(my_list(scratch)) == 3
    # an import of whatever file finds what was kept before without a daemon
    os.remove(list_file(scratch))
    imported(scratch, json.dumps(gdpr))
    with scratch.daemon():
        imported(scratch, "title,score\nMonster,8\n")
        assert my_list(scratch)[6]["title"] == "Trigun" and my_list(scratch)[1]["anilist"] == 1001


def writers_at_once(scratch):
    scratch.configure()
    scratch.animed("train")
    ids = (1, 6, 19, 20, 33, 34599)
    with scratch.daemon():
        writers = [subprocess.Popen([harness.ANIMECTL, "rate", f"id:{id}", "7"], env=scratch.env, stdout=subprocess.DEVNULL)
                   for id in ids * 3]
        for writer in writers:
            assert writer.wait(harness.TIMEOUT) == 0
    assert sorted(my_list(scratch)) == list(ids)
    assert os.listdir(os.path.dirname(list_file(scratch))) == ["list.json"]


def real_lists(scratch):
    if not os.path.isdir(LISTS):
        harness.skip("there are no lists at ../shared/data/lists")
    expected = {"mal_animelist_small.xml": ("mal", 10, 10), "yamtrack_import_anilist.json": ("anilist", 4, 10),
                "yamtrack_import_kitsu_anime.json": ("kitsu", 5, 20), "yamtrack_import_mal_anime.json": ("mal-api", 4, 10),
                "yamtrack_import_tmdb_ratings.csv": ("csv", 4, 10), "yamtrack_import_trakt_ratings.json": ("simkl", 1, 10),
                "yamtrack_import_trakt_watched.json": ("simkl", 1, 10), "yamtrack_import_yamtrack.csv": ("yamtrack", 1, 10)}
    for name, (kind, shows, scale) in expected.items():
        out = json.loads(scratch.ctl("--json", "import", os.path.join(LISTS, name))[0])
        assert (out["format"], out["shows"], out["scale"], out["told"]) == (kind, shows, scale, []), (name, out)
    mine = my_list(scratch)
    assert mine[101] == {"mal": 101, "title": "Air", "status": "completed", "score": 8, "progress": 13}, mine[101]
    assert mine["Pulp Fiction"]["score"] == 8


if __name__ == "__main__":
    harness.main([every_form_is_the_same_list, stars_and_smileys, exports_come_back, texts, without_a_daemon, what_is_no_list_or_scale, failures, disks,
                  with_a_daemon, ids_of_other_services, writers_at_once, real_lists])

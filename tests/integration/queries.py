#!/usr/bin/env python3
"""Tests filters, several titles, sequels, explanations, recommendations and cult, through animectl and Neovim."""

import csv
import json
import os
import re
import subprocess

import harness

GENRES = {"Drama", "Sci-Fi"}


def ids(answer):
    return [item["id"] for item in answer["items"]]


# by cosine every show is an answer
WHAT = ("Cowboy Bebop", "--by", "cosine", "--sequels", "show", "--min-ratings", "0")


def filters(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        everything = scratch.ask("similar", *WHAT, "-n", "1000")["items"]

        def passing(condition):
            return [item["id"] for item in everything if condition(item)]

        def check(condition, *options):
            found = scratch.ask("similar", *WHAT, "-n", "7", *options)
            assert ids(found) == passing(condition)[:7], (options, found)
            assert found["passed"] == len(passing(condition)), options

        check(lambda item: GENRES <= set(item["genres"]), "--genre", "drama", "-g", "sci fi")
        check(lambda item: not GENRES & set(item["genres"]), "--not-genre", "Drama", "--not-genre", "Sci-Fi")
        check(lambda item: item["type"] in ("Movie", "OVA"), "--type", "movie", "-t", "OVA")
        check(lambda item: 2000 <= item["year"] <= 2005, "--year", "2000..2005")
        check(lambda item: item["year"] <= 1990, "-y", "..1990")
        check(lambda item: item["year"] == 2011, "-y", "2011")
        check(lambda item: item["mean"] >= 8, "--score", "8")
        check(lambda item: item["ratings"] >= 100, "--min-ratings", "100")
        gone = everything[0]
        check(lambda item: item["id"] not in (gone["id"], 6), "--exclude", gone["title"], "-x", "id:6")

        out, _ = scratch.ctl("similar", "Cowboy Bebop", "-g", "Drama", "-n", "2")
        assert re.search(r"^\d+ shows pass the filters$", out, re.M), out
        out, _ = scratch.ctl("similar", "Cowboy Bebop", "-g", "Drama", "-y", "1901")
        assert "no show passes the filters; without --year " in out and "--genre" not in out, out
        out, _ = scratch.ctl("similar", "Cowboy Bebop", "-g", "Drama", "-y", "1901", "--score", "..0")
        assert "no show passes the filters; loosen more than one of them" in out, out
        for options, part in ((["-g", "Darma"], 'did you mean "Drama"?'), (["-t", "Filmm"], "there are TV"),
                              (["-y", "2005..2001"], "ends before it begins"), (["--sequels", "never"], '"hide"'),
                              (["--popularity", "3"], "from -1 to 1"), (["--members", "5"], "does not know")):
            _, err = scratch.ctl("similar", "Cowboy Bebop", *options, status=1)
            assert err.startswith("animectl: bad-params: ") and part in err, err
        _, err = scratch.ctl("similar", "Cowboy Bebop", "--shrink", "much", status=2)
        assert '--shrink: "much" is not a number' in err, err
        out = scratch.ask("search", "cowboy", "--type", "Movie")
        assert [item["title"] for item in out["items"]][0] == "Cowboy Bebop: Tengoku no Tobira", out


def several(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        out, _ = scratch.ctl("similar", "Cowboy", "Bebop", "+", "Made", "in", "Abyss", "-", "id:20", "-n", "2")
        assert out.startswith("Cowboy Bebop (id:1, TV, 1998) + Made in Abyss (id:34599, TV, 2017) - Naruto (id:20, "), out
        words = scratch.ask("similar", "Cowboy", "Bebop", "+", "Made", "in", "Abyss", "-", "id:20", "-e")
        quoted = scratch.ask("similar", "Cowboy Bebop", "+", "Made in Abyss", "-", "Naruto", "-e")
        assert words["items"] == quoted["items"] and [term["weight"] for term in words["terms"]] == [1, 1, -1]
        assert not {1, 34599, 20} & set(ids(words))
        assert all(len(item["explain"]["raters"]) == 2 for item in words["items"])
        assert ids(scratch.ask("similar", "--by", "cosine", "-", "Naruto")) != ids(scratch.ask("similar", "Naruto"))
        assert ids(scratch.ask("similar", "Made in Abyss")) == ids(scratch.ask("similar", "Made", "in", "Abyss"))
        for words in (["Naruto", "+"], ["+"], ["Naruto", "+", "-", "Berserk"], ["-", "-", "Naruto"]):
            _, err = scratch.ctl("similar", *words, status=2)
            assert "a title must come after" in err, err
        out, _ = scratch.ctl("similar", "Cowboy Bebop", "-n", "1", "--explain")
        assert re.search(r'^1\. .*: \d+ (people|person) rated it and "Cowboy Bebop"', out, re.M), out


def sequels(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        hidden = scratch.ask("similar", "Cowboy Bebop", "-n", "1000", "--min-ratings", "0")
        shown = scratch.ask("similar", "Cowboy Bebop", "-n", "1000", "--min-ratings", "0", "--sequels", "show")
        assert 5 in ids(shown) and 5 not in ids(hidden) and len(hidden["items"]) < len(shown["items"])
        assert ids(scratch.ask("similar", "Cowboy Bebop", "--sequels", "only")) == [5]
    relations = scratch.write("relations.csv", "id,related\n5\n1,6\n")
    scratch.configure(more=f"queries: {{sequels: only, relations: {relations}}}\n")
    with scratch.daemon():
        assert ids(scratch.ask("similar", "Cowboy Bebop")) == [6]
    scratch.write("relations.csv", "5;6\n")
    _, err = scratch.animed(status=1)
    assert "relations.csv:1: a line is the ids" in err, err


def relations(scratch):
    """The shipped families join shows of MyAnimeList, and those of no other catalogue."""
    shipped = scratch.env["ANIMED_RELATIONS"]

    def family(expected_log):
        with scratch.daemon() as daemon:
            assert expected_log in daemon.log, daemon.log
            return set(ids(scratch.ask("similar", "id:5081", "--sequels", "only", "--min-ratings", "0")))

    scratch.configure()
    scratch.animed("train")
    # Bakemonogatari, and what is told after it under other titles
    assert family(f" families of {shipped}") == {17074, 21855, 31757}
    scratch.configure(more="queries: {relations: none}\n")
    assert family("ready: ") == set()
    scratch.env["ANIMED_RELATIONS"] = scratch.path("absent.csv")
    scratch.configure()
    assert family("ready: ") == set()
    scratch.env["ANIMED_RELATIONS"] = shipped
    # the same ids, and each the title of the next: another catalogue
    demo = os.path.join(harness.SRCDIR, "etc", "demo")
    with open(os.path.join(demo, "animes.csv"), encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    titles = [row[1] for row in rows]
    for row, title in zip(rows, titles[1:] + titles[:1]):
        row[1:3] = title, ""
    os.mkdir(scratch.path("other"))
    with open(scratch.path("other/animes.csv"), "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    os.symlink(os.path.join(demo, "reviews.csv"), scratch.path("other/reviews.csv"))
    scratch.configure(data=scratch.path("other"))
    scratch.animed("train")
    assert family(f"relations: {shipped} is not used; ") & {17074, 21855, 31757} == set()


def recommend(scratch):
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        with open(os.path.join(harness.SRCDIR, "etc", "demo", "reviews.csv"), encoding="utf-8") as file:
            seen = {int(line.split(",")[2]) for line in file if ",demo_user_001," in line}
        answer = scratch.ask("recommend", "--user", "demo_user_001", "-n", "1000", "--sequels", "show")
        assert answer["by"] == "ease" and answer["seen"] == len(seen) and not seen & set(ids(answer)), answer
        assert len(answer["items"]) + len(seen) == scratch.ask("status")["model"]["items"]
        scores = [item["score"] for item in answer["items"]]
        assert scores == sorted(scores, reverse=True) and scores[0] > 0 > scores[-1], scores
        for item in answer["items"]:
            assert 1 <= item["predicted"] <= 10 and 0 <= item["match"] < 1 and (item["match"] > 0) == (item["score"] > 0), item
        best = answer["items"][0]
        assert abs(scratch.ask("predict", "demo_user_001", f"id:{best['id']}")["score"] - best["predicted"]) < 1e-4
        explained = scratch.ask("recommend", "--user", "demo_user_001", "-n", "3", "--why", "--sequels", "show")["items"]
        assert [item["id"] for item in explained] == ids(answer)[:3]
        for item in explained:
            known = item["explain"]["known"]
            assert 0 < len(known) <= 5 and {show["id"] for show in known} <= seen, item
            assert abs(sum(show["part"] for show in known) + item["explain"]["rest"] - item["score"]) < 1e-3, item
        folded = scratch.ask("recommend", "Made", "in", "Abyss=10", "Cowboy Bebop=8.5", "id:20=2", "-g", "Drama")
        assert [(r["id"], r["score"]) for r in folded["ratings"]] == [(34599, 10), (1, 8.5), (20, 2)], folded
        assert folded["seen"] == 3 and all("Drama" in item["genres"] for item in folded["items"])
        out, _ = scratch.ctl("recommend", "Made in Abyss=10", "-n", "3")
        assert out.startswith("Made in Abyss (id:34599, TV, 2017) = 10\n"), out
        assert f"without the {len(seen)} shows" in scratch.ctl("recommend", "-u", "demo_user_001")[0]
        for words in (["Made in Abyss"], ["Made in Abyss="], ["--user", "x", "Naruto=3"]):
            _, err = scratch.ctl("recommend", *words, status=2)
            assert "TITLE=SCORE" in err, err
        _, err = scratch.ctl("recommend", "Naruto=11", status=1)
        assert "from 1 to 10" in err, err
        out, _ = scratch.ctl("cult", "-n", "5")
        assert len(out.splitlines()) == 6, out


def cult_of_equal_scores(scratch):
    """Where all scores are equal nothing stands out, which is another thing than not to know."""
    scratch.write("animes.csv", "uid,title\n1,A\n2,B\n")
    scratch.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"u{u},{i},1\n" for u in range(20) for i in (1, 2)))
    scratch.configure(data=scratch.home)
    scratch.animed("train")
    with scratch.daemon():
        out, _ = scratch.ctl("cult", "--min-ratings", "0")
    assert "no show stands out as a favourite of its raters" in out and "does not know" not in out, out


def recommend_by_prediction(scratch):
    scratch.configure(more="  ranking: {plugin: predicted}\n")
    scratch.animed("train")
    with scratch.daemon():
        answer = scratch.ask("recommend", "--user", "demo_user_001", "-n", "1000", "--min-ratings", "0", "--sequels", "show")
        predicted = [item["predicted"] for item in answer["items"]]
        scores = [item["score"] for item in answer["items"]]
        assert scores == sorted(scores, reverse=True) and 1 <= min(predicted) <= max(predicted) <= 10
        plain = scratch.ask("recommend", "--user", "demo_user_001", "--shrink", "0")
        predicted = [item["predicted"] for item in plain["items"]]
        assert predicted == sorted(predicted, reverse=True) == [item["score"] for item in plain["items"]]
        assert all(abs(item["match"] - (item["score"] - 1) / 9) < 1e-6 for item in plain["items"]), plain
        assert plain["by"] == "predicted", plain
        _, err = scratch.ctl("recommend", "--user", "demo_user_001", "--why", status=1)
        assert "the ranking predicted cannot tell" in err, err


def similarities(scratch):
    """The first similarity of the list answers, `by` names another one, and what is asked about may be unknown."""
    scratch.configure(more="  similarity: [{plugin: dot}, {plugin: corating, text: 0}]\n")
    scratch.animed("train")
    with scratch.daemon():
        assert scratch.ask("status")["model"]["similarities"] == ["dot", "corating"]
        by = {}
        for name in ("dot", "corating"):
            answer = scratch.ask("similar", "Cowboy Bebop", "--by", name)
            assert answer["by"] == name and answer["evidence"] == "enough", answer
            by[name] = ids(answer)
        assert by["dot"] != by["corating"] and ids(scratch.ask("similar", "Cowboy Bebop")) == by["dot"]
        _, err = scratch.ctl("similar", "Cowboy Bebop", "--by", "cosine", status=1)
        assert 'answers with: "dot", "corating"' in err, err
        item = scratch.ask("similar", "Cowboy Bebop", "--by", "corating", "-n", "1", "--explain")["items"][0]
        parts = item["explain"]["parts"]
        assert [part["name"] for part in parts if part["kind"] == "ratings"] == [None], parts
        assert {part["name"] for part in parts if part["kind"] == "genre"} <= set(item["genres"]), item
        assert all(part["kind"] in ("ratings", "genre") for part in parts) and len(parts) > 2, parts
        assert abs(sum(part["part"] for part in parts) + item["explain"]["rest"] - item["similarity"]) < 1e-4, item


def thin(scratch):
    """A show that nobody has rated is an answer and can be asked about; the answer says how much is known."""
    scratch.write("animes.csv", "uid,title,genre\n" + "".join(f'{i},Show {"ABCDEFGH"[i]},"Drama, {"Space" if i > 4 else "School"}"\n'
                                                               for i in range(8)))
    scratch.write("reviews.csv", "profile,anime_uid,score\n" + "".join(f"u{u},{i},{5 + (u + i) % 5}\n" for u in range(30)
                                                                        for i in range(7) if (u + i) % 3 or i == 0))
    scratch.configure(data=scratch.home)
    scratch.animed("train")
    with scratch.daemon():
        answer = scratch.ask("similar", "Show H")
        assert answer["evidence"] == "none" and set(ids(answer)[:2]) == {5, 6}, answer
        assert "nobody has rated it" in scratch.ctl("similar", "Show H")[0]
        assert 7 in ids(scratch.ask("similar", "Show F")) and scratch.ask("similar", "Show A")["evidence"] == "enough"
        assert scratch.ask("similar", "Show B")["evidence"] == "enough", scratch.ask("show", "Show B")
        assert "no-ratings" in scratch.ctl("similar", "Show H", "--by", "cosine", status=1)[1]
        assert "all titles are subtracted" in scratch.ctl("similar", "-", "Show A", status=1)[1]
        assert "nothing that was rated speaks for it" in scratch.ctl("recommend", "Show A=5", "--why")[0]
        answer = scratch.ask("recommend", "Show H=9")
        assert answer["items"] and all(item["predicted"] is None for item in answer["items"]), answer


def scores_that_are_not_exact(scratch):
    """The ends of a scale that no float is equal to can be given; what lies beyond them cannot."""
    scratch.write("animes.csv", "uid,title\n" + "".join(f"{i},Show {'ABCDEFGH'[i]}\n" for i in range(8)))
    scratch.write("reviews.csv", "profile,anime_uid,score\n" + "".join(
        f"u{u},{i},{('0.1', '0.3', '0.5', '0.7')[(u * i + u) % 4]}\n" for u in range(30) for i in range(8)))
    scratch.configure(data=scratch.home)
    scratch.animed("train")
    with scratch.daemon():
        for score in ("0.1", "0.7"):
            assert scratch.ask("recommend", f"Show A={score}")["ratings"][0]["score"] > 0
        for score in ("0.0999", "0.7001"):
            assert "from 0.1 to 0.7" in scratch.ctl("recommend", f"Show A={score}", status=1)[1]


def neovim(scratch):
    """Lists and maps in the forms in which Vimscript and Lua send them are understood."""
    scratch.configure()
    scratch.animed("train")
    with scratch.daemon():
        out = scratch.nvim("echo json_encode(rpcrequest(ch, 'similar', [1, 'Made in Abyss', ['Naruto', -0.5]], "
                           "{'genre': ['Drama'], 'year': [1990, v:null], 'explain': 1, 'sequels': 'show'}))")
        answer = json.loads(out)
        assert answer["items"] and all("Drama" in item["genres"] for item in answer["items"]), answer
        assert answer["items"][0]["explain"]["text"], answer
        code = ("local ch = vim.fn.sockconnect('pipe', '%s', {rpc = true}) "
                "local a = vim.rpcrequest(ch, 'recommend', {{'Made in Abyss', 10}, {1, 8}}, "
                "{limit = 3, type = {'TV', 'Movie'}, year = '2000..', exclude = {}, cult = true}) "
                "print(#a.items, a.seen)") % scratch.socket
        assert scratch.nvim(f"lua {code}").split() == ["3", "2"]
        out = scratch.nvim("try | call rpcrequest(ch, 'similar', 1, {'genre': 'Darma'}) | catch | echo v:exception | endtry")
        assert 'did you mean "Drama"' in out, out


def completions(scratch):
    """Bash completes the commands and options that animectl lists, and the versions of the store."""
    scratch.configure()
    scratch.animed("train")
    script = scratch.write("try.sh", """
        source "$1"
        shift
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _animectl
        printf '%s\\n' "${COMPREPLY[@]}"
        """)
    scratch.env["PATH"] = os.path.dirname(harness.ANIMECTL) + ":" + os.environ["PATH"]
    bash = harness.need("bash")

    def complete(*words):
        source = os.path.join(harness.SRCDIR, "etc", "completions", "animectl.bash")
        done = subprocess.run([bash, script, source, "animectl", *words], env=scratch.env, capture_output=True, text=True,
                              check=True)
        return done.stdout.split()

    assert complete("rec") == ["recommend"]
    assert complete("similar", "--not") == ["--not-genre"] and complete("reload", "--not") == []
    assert complete("similar", "x", "--sequels", "") == ["hide", "show", "only"]
    assert complete("imp") == ["import"] and complete("list", "--status", "un") == ["unwanted"]
    _, err = scratch.ctl("import", "list", "--format", "none", status=2)
    assert complete("import", "--format", "") == err.split(" one of ")[1].replace(",", "").replace(" or", "").split(), err
    assert complete("export", "-f", "") == ["mal", "json"]
    assert complete("list", "--format", "") == ["table", "json", "tsv", "titles"]
    assert complete("import", "--sc") == ["--scale"] and complete("import", script[:-1]) == [script]
    assert "--json" in complete("--")
    # the value of an option before the command is no command
    assert complete("-s", "/tmp/x", "rec") == complete("--socket", "/tmp/x", "rec") == ["recommend"]
    assert complete("--socket=/tmp/x", "--json", "sim") == ["similar"]
    assert complete("-s", "similar", "similar", "--not") == ["--not-genre"]
    with scratch.daemon():
        assert complete("-s", scratch.socket, "rollback", "") == ["1"] and complete("pin", "") == ["1"]


def real(scratch):
    """Answers that a person would check on real ratings: the cult shows, and a search that hides sequels."""
    harness.need_real_ratings()
    scratch.configure(data=harness.MAL, more="train: {refit: false}\n")
    scratch.animed("train")
    with scratch.daemon():
        cult = scratch.ask("cult", "-n", "40")
        titles = [item["title"] for item in cult["items"]]
        print("   cult:", "; ".join(titles[:20]))
        for title in ("Ginga Eiyuu Densetsu", "Maison Ikkoku", "Kaiba", "Cross Game", "Ping Pong the Animation"):
            assert title in titles[:20], title
        for title in ("Death Note", "Naruto", "Fullmetal Alchemist: Brotherhood", "Shingeki no Kyojin", "One Piece"):
            assert title not in titles, title
        assert all(item["ratings"] >= 20 and item["mean"] > 7.8 for item in cult["items"])
        # the seasons of a series for which only those who like it stay
        seasons = {title for title in titles if title.startswith("Major")}
        assert seasons == {"Major S1"}, seasons
        shown = [item["title"] for item in scratch.ask("cult", "-n", "40", "--sequels", "show")["items"]]
        assert {"Major S1", "Major S6"} <= set(shown), shown
        gintama = scratch.ask("similar", "Gintama", "--sequels", "only", "--min-ratings", "0", "-n", "100")
        assert len(gintama["items"]) > 10 and all("Gintama" in item["title"] for item in gintama["items"]), gintama
        hidden = scratch.ask("similar", "Gintama")
        assert len(hidden["items"]) == 10 and not any("Gintama" in item["title"] for item in hidden["items"])
        told = scratch.ask("similar", "Bakemonogatari", "--sequels", "only", "--min-ratings", "0", "-n", "100")
        assert {11597, 15689} <= set(ids(told)), told  # Nisemonogatari, Nekomonogatari
        rebuild = scratch.ask("similar", "Neon Genesis Evangelion", "--sequels", "only", "--min-ratings", "0")
        assert 2759 in ids(rebuild), rebuild
        one = scratch.ask("similar", "One Piece", "--sequels", "only", "--min-ratings", "0", "-n", "1000")
        assert all(item["title"].startswith("One Piece") for item in one["items"]), one


if __name__ == "__main__":
    tests = [scores_that_are_not_exact, similarities, thin, cult_of_equal_scores, recommend_by_prediction, filters,
             several, sequels, relations, recommend, neovim, completions]
    # a sanitizer finds nothing in the titles of the answers
    harness.main([*tests, real] if harness.SANITIZE == "no" else tests)

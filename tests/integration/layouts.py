#!/usr/bin/env python3
"""Trains on files in the layouts that people have, with the YAML that animed-csv(7) shows for each."""

import gzip
import os
import re

from harness import PLUGINS, SRCDIR, Scratch, main


def example(title):
    """The example of the manual page under the paragraph that begins with `title`."""
    with open(os.path.join(SRCDIR, "plugins", "animed-csv.7"), encoding="utf-8") as page:
        text = page.read()
    return re.search(re.escape(title) + r"[^\n]*\n\.PP\n\.nf\n(.*?)\.fi", text, re.S)[1]


def train(s: Scratch, source, status=0):
    indented = "".join("  " + line + "\n" for line in source.splitlines())
    s.write("animed.yaml", f"models: {s.models}\nplugins: {PLUGINS}\npipeline:\n{indented}"
                           "  model: {plugin: bias, factors: 4, epochs: 1}\n")
    return s.animed("train", status=status)[1]


def kaggle_reviews(s: Scratch):
    s.write("animes.csv", "\ufeffuid,title,synopsis,genre,aired,episodes,members\r\n"
                          "1,\"One, \"\"two\"\"\",\"A line\r\nand another.\",\"['Drama']\",2009,1,5\r\n2,B,,[],,1,5\r\n")
    s.write("reviews.csv", "uid,profile,anime_uid,text,score\n" + "".join(
        f"{r},u{r % 5},{1 + r % 2},\"said \"\"{r}\"\",\nand more\",{1 + r % 10}\n" for r in range(10)) + "10,u0,1,last,10\n")
    log = train(s, example("The MyAnimeList reviews of Kaggle"))
    assert "ratings: 11 rows, 10 kept; 1 repeat (the last counts), 0 rejected, 0 unrated" in log, log
    assert "5 users; loaded in" in log, log


def anime_recommendations_database(s: Scratch):
    s.write("anime.csv", "anime_id,name,genre,type,episodes,rating,members\n1,A,\"Drama, School\",TV,12,9.1,5\n2,B,,,,,\n")
    s.write("rating.csv", "user_id,anime_id,rating\n1,1,10\n1,2,-1\n2,1,7\n2,2,8\n3,3,9\n3,1,-1\n")
    log = train(s, example("The Anime Recommendations Database"))
    assert "ratings: 6 rows, 3 kept; 0 repeats (the last counts), 0 rejected, 2 unrated" in log, log
    assert "ratings of items that the catalogue does not have: 1 of 1 item" in log, log


def movielens_packed(s: Scratch):
    s.write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Adventure|Children\n2,\"Net, The (1995)\",Action\n")
    with gzip.open(s.path("ratings.csv.gz"), "wt", encoding="utf-8") as file:
        file.write("userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,2,0.5,964981247\n2,1,3.5,964982224\n")
    log = train(s, example("MovieLens").replace("ratings.csv", "ratings.csv.gz"))
    assert "ratings: 3 rows, 3 kept" in log and "2 items (2 of them rated)" in log, log


def nothing_to_train_on(s: Scratch):
    """There is an error that names the file, and no model is written."""
    s.write("animes.csv", "uid,title\n1,A\n")
    header = "profile,anime_uid,score\n"
    for ratings, why in (("", "the file is empty"), (header, "no ratings (0 rows read"),
                         (header + "a,1,good\nb,1,inf\n", "2 of 2 rows are malformed, the first on line 2"),
                         (header + "a,9,5\n", "none of the 1 ratings is of an item in the catalogue")):
        s.write("reviews.csv", ratings)
        log = train(s, example("The MyAnimeList reviews of Kaggle"), status=1)
        assert f"error: {s.path('reviews.csv')}: {why}" in log, log
        assert not os.path.exists(s.models), log


def one_rating(s: Scratch):
    s.write("animes.csv", "uid,title\n1,A\n")
    s.write("reviews.csv", "profile,anime_uid,score\na,1,5\n")
    assert "model 1 written" in train(s, example("The MyAnimeList reviews of Kaggle"))


main([kaggle_reviews, anime_recommendations_database, movielens_packed, nothing_to_train_on, one_rating])

#!/usr/bin/env python3
"""Trains on files in the layouts that people have, with the YAML that animed-csv(7) shows for each."""

import gzip
import os
import re

from harness import PLUGINS, SRCDIR, Scratch, main


TWO_FILES = "source: {plugin: csv, ratings: {path: reviews.csv}, items: {path: animes.csv}}"


def example(title):
    """The example of the manual page under the paragraph that begins with `title`."""
    with open(os.path.join(SRCDIR, "plugins", "animed-csv.7"), encoding="utf-8") as page:
        text = page.read()
    # the paragraph is followed by its example
    found = re.search(r"\.(?:PP|SH EXAMPLES)\n" + re.escape(title) + r"(?:(?!\.PP\n).)*\.PP\n\.nf\n(.*?)\.fi", text, re.S)
    return found[1].replace("\\-", "-")


def train(s: Scratch, source, status=0):
    indented = "".join("  " + line + "\n" for line in source.splitlines())
    s.write("animed.yaml", f"socket: {s.socket}\nmodels: {s.models}\nplugins: {PLUGINS}\npipeline:\n{indented}"
                           "  model: {plugin: bias, factors: 4, epochs: 1}\n")
    return s.animed("train", status=status)[1]


def show(s: Scratch, item):
    return s.ask("show", f"id:{item}")["item"]


def kaggle_reviews(s: Scratch):
    s.write("animes.csv", "\ufeffuid,title,synopsis,genre,aired,episodes,members,popularity,ranked,score,img_url,link\r\n"
                          "1,\"One, \"\"two\"\"\",\"A line\r\nand another.\",\"['Drama', 'Sci-Fi']\",\"Oct 4, 2015 to "
                          "Mar 27, 2016\",25.0,489888,141,25.0,8.82,https://cdn.example/1.jpg,https://x.example/1\r\n"
                          "2,B,,[],2009,,5,9,,,,\r\n")
    s.write("reviews.csv", "uid,profile,anime_uid,text,score,scores,link\n" + "".join(
        f"{r},u{r % 5},{1 + r % 2},\"said \"\"{r}\"\",\nand more\",{1 + r % 10},\"{{'Overall': '8'}}\",x\n" for r in range(10)) +
        "10,u0,1,last,10,,\n")
    s.write("profiles.csv", "profile,gender,birthday,favorites_anime,link\nu0,,,\"['1', '2']\",x\nfan,Male,\"Oct 2, 1994\","
                            "\"['2', '9']\",x\nfan,Male,\"Oct 2, 1994\",\"['2']\",x\nnone,,,[],x\n")
    log = train(s, example("The MyAnimeList reviews of Kaggle"))
    assert "ratings: 11 rows, 10 kept; 1 repeat (the last counts), 0 rejected, 0 unrated" in log, log
    assert "5 users; loaded in" in log, log
    assert "favourites: 4 rows, 1 kept; 2 rated as well" in log or "favourites:" in log, log
    with s.daemon():
        one = show(s, 1)
        assert (one["title"], one["year"], one["episodes"], one["members"]) == ('One, "two"', 2015, 25, 489888), one
        assert one["genres"] == ["Drama", "Sci-Fi"], one
        assert (one["link"], one["picture"]) == ("https://x.example/1", "https://cdn.example/1.jpg"), one


def cooperunion(s: Scratch):
    s.write("anime.csv", "anime_id,name,genre,type,episodes,rating,members\n1,Gintama&deg;,\"Drama, School\",TV,12,9.1,5\n"
                         "2,B,,,Unknown,,\n")
    s.write("rating.csv", "user_id,anime_id,rating\n1,1,10\n1,2,-1\n2,1,7\n2,2,8\n3,3,9\n3,1,-1\n")
    for source in example("The Anime Recommendations Database"), None:
        # found out by the columns, too
        log = train(s, source or "source: {plugin: csv, ratings: {path: rating.csv}, items: {path: anime.csv}}")
        assert "ratings: 6 rows, 3 kept; 0 repeats (the last counts), 0 rejected, 2 unrated" in log, log
        assert "ratings of items that the catalogue does not have: 1, of 1 item" in log, log
        assert source or "rating.csv: read in the layout cooperunion" in log, log
    with s.daemon():
        assert show(s, 1)["title"] == "Gintama\u00b0" and show(s, 1)["genres"] == ["Drama", "School"]


HERNAN = ("MAL_ID,Name,Score,Genres,English name,Japanese name,Type,Episodes,Aired,Premiered,Producers,Licensors,Studios,"
          "Source,Duration,Rating,Ranked,Popularity,Members,Favorites\n")


def hernan4444(s: Scratch):
    s.write("anime.csv", HERNAN +
            "1,Kauboi,8.78,\"Action, Space\",Cowboy,\u30ab\u30a6,TV,26,\"Apr 3, 1998 to Apr 24, 1999\",Spring 1998,a,b,c,"
            "Original,24 min.,R,28.0,39,1251960,61971\n"
            "2,Other,Unknown,Unknown,Unknown,Unknown,Unknown,Unknown,Unknown,Unknown,a,b,c,d,e,f,Unknown,1,5,1\n")
    s.write("animelist.csv", "user_id,anime_id,rating,watching_status,watched_episodes\n0,1,9,1,1\n0,2,0,2,4\n1,1,8,6,0\n"
                             "1,2,7,2,4\n")
    log = train(s, example("The Anime Recommendation Database 2020"))
    assert "ratings: 3 rows, 2 kept; 0 repeats (the last counts), 0 rejected, 1 unrated, 1 of other kinds" in log, log
    log = train(s, "source: {plugin: csv, ratings: {path: animelist.csv}, items: {path: anime.csv}}")
    assert "animelist.csv: read in the layout hernan4444" in log and "4 rows, 3 kept" in log, log
    with s.daemon():
        one, other = show(s, 1), show(s, 2)
        assert (one["year"], one["episodes"], one["genres"]) == (1998, 26, ["Action", "Space"]), one
        assert s.ask("show", "cowboy")["item"]["id"] == 1 and s.ask("show", "\u30ab\u30a6")["item"]["id"] == 1
        assert not other.get("genres") and not other.get("type") and not other.get("alt_titles"), other


def dbdmobile(s: Scratch):
    s.write("anime-dataset-2023.csv",
            "anime_id,Name,English name,Other name,Score,Genres,Synopsis,Type,Episodes,Aired,Premiered,Status,Producers,"
            "Licensors,Studios,Source,Duration,Rating,Rank,Popularity,Favorites,Scored By,Members,Image URL\n"
            "1,Kauboi,Cowboy,\u30ab\u30a6,8.75,\"Action, Space\",Text.,TV,26.0,\"Apr 3, 1998 to Apr 24, 1999\",spring 1998,"
            "Finished,a,b,c,Original,24 min,R,41.0,43,78525,914193.0,1771505,https://cdn.example/1.jpg\n"
            "2,Other,UNKNOWN,UNKNOWN,UNKNOWN,UNKNOWN,No text.,Movie,1.0,2001,UNKNOWN,Finished,a,b,c,d,e,f,UNKNOWN,1,2,3,4,\n")
    s.write("users-score-2023.csv", "user_id,Username,anime_id,Anime Title,rating\n1,Xinil,1,Kauboi,9\n1,Xinil,2,Other,7\n"
                                    "4,Aokaado,1,Kauboi,5\n")
    for source in example("The Anime Dataset 2023"), None:
        log = train(s, source or "source: {plugin: csv, ratings: {path: users-score-2023.csv}, "
                                 "items: {path: anime-dataset-2023.csv}}")
        assert "ratings: 3 rows, 3 kept" in log and "2 users" in log, log
        assert source or "anime-dataset-2023.csv: read in the layout dbdmobile" in log, log
    with s.daemon():
        one = show(s, 1)
        assert (one["year"], one["episodes"], one["members"]) == (1998, 26, 1771505), one
        assert one["picture"] == "https://cdn.example/1.jpg" and one["synopsis"] == "Text.", one
        assert s.ask("show", "cowboy")["item"]["id"] == 1


def azathoth42(s: Scratch):
    s.write("anime_cleaned.csv",
            "anime_id,title,title_english,title_japanese,title_synonyms,image_url,type,source,episodes,status,airing,"
            "aired_string,aired,duration,rating,score,scored_by,rank,popularity,members,favorites,background,premiered,"
            "broadcast,related,producer,licensor,studio,genre,opening_theme,ending_theme,duration_min,aired_from_year\n"
            "1,Inu x Boku,Secret Service,\u5996\u72d0,Youko,https://cdn.example/1.jpg,TV,Manga,12,Finished,False,"
            "\"Jan 13, 2012 to Mar 30, 2012\",\"{'from': '2012-01-13', 'to': '2012-03-30'}\",24 min,PG,7.63,139250,1274.0,231,"
            "283882,2809,,Winter 2012,,{},a,b,c,\"Comedy, Romance\",[],[],24.0,2012.0\n")
    s.write("animelists_cleaned.csv",
            "username,anime_id,my_watched_episodes,my_start_date,my_finish_date,my_score,my_status,my_rewatching,"
            "my_rewatching_ep,my_last_updated,my_tags\nkarthiga,1,586,0000-00-00,0000-00-00,9,1,,0,2013-03-03 10:52:53,\n"
            "Damon,1,12,0000-00-00,0000-00-00,0,2,,0,2013-03-03 10:52:53,\n")
    for source in example("The MyAnimeList lists of 2018"), None:
        log = train(s, source or "source: {plugin: csv, ratings: {path: animelists_cleaned.csv}, "
                                 "items: {path: anime_cleaned.csv}}")
        assert "ratings: 2 rows, 1 kept; 0 repeats (the last counts), 0 rejected, 1 unrated" in log, log
    with s.daemon():
        one = show(s, 1)
        assert (one["year"], one["episodes"], one["genres"]) == (2012, 12, ["Comedy", "Romance"]), one
        for name in "secret service", "\u5996\u72d0", "youko":
            assert s.ask("show", name)["item"]["id"] == 1, name


def movielens_100k(s: Scratch):
    flags = "0|0|0|1|1|1" + "|0" * 13
    with open(s.path("u.item"), "w", encoding="latin-1", newline="") as file:
        file.write(f"1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Toy%20Story%20(1995)|{flags}\n"
                   f"2|Mis\u00e9rables, Les (1995)|01-Jan-1995||http://x|1{'|0' * 18}\n3|unknown||||1{'|0' * 18}\n")
    s.write("u.data", "196\t1\t3\t881250949\n186\t2\t3\t891717742\n22\t1\t1\t878887116\n244\t2\t2\t880606923\n")
    log = train(s, example("MovieLens 100K"))
    assert "ratings: 4 rows, 4 kept" in log and "3 items (2 of them rated)" in log, log
    with s.daemon():
        assert show(s, 1)["genres"] == ["Animation", "Children's", "Comedy"] and show(s, 1)["year"] == 1995, show(s, 1)
        assert show(s, 2)["title"] == "Mis\u00e9rables, Les (1995)" and not show(s, 2).get("genres"), show(s, 2)


def movielens_1m(s: Scratch):
    with open(s.path("movies.dat"), "w", encoding="latin-1") as file:
        file.write("1::Toy Story (1995)::Animation|Children's|Comedy\n2::\"Ol\u00e9\", she said: now (2000)::Drama\n")
    s.write("ratings.dat", "1::1::5::978300760\n1::2::3::978302109\n2::1::4::978301968\n")
    log = train(s, example("MovieLens 1M and 10M"))
    assert "ratings: 3 rows, 3 kept" in log and "2 items (2 of them rated)" in log, log
    with s.daemon():
        assert show(s, 2)["title"] == '"Ol\u00e9", she said: now (2000)' and show(s, 2)["year"] == 2000, show(s, 2)


def movielens(s: Scratch):
    s.write("movies.csv", "movieId,title,genres\n1,Toy Story (1995),Adventure|Children\n2,\"Net, The (1995)\",Action\n"
                          "3,None,(no genres listed)\n")
    with gzip.open(s.path("ratings.csv"), "wt", encoding="utf-8") as file:
        file.write("userId,movieId,rating,timestamp\n1,1,4.0,964982703\n1,2,0.5,964981247\n2,1,3.5,964982224\n")
    for source in example("MovieLens 20M"), None:
        log = train(s, source or "source: {plugin: csv, ratings: {path: ratings.csv}, items: {path: movies.csv}}")
        assert "ratings: 3 rows, 3 kept" in log and "3 items (2 of them rated)" in log, log


def netflix(s: Scratch):
    with open(s.path("movie_titles.csv"), "w", encoding="latin-1") as file:
        file.write("1,2003,Dinosaur Planet\n2,NULL,Caf\u00e9, with a Comma\n3,1999,\"Weird Al\" Yankovic: Live\n")
    # more than a block, so that the ratings of a film are in several of them
    lines = "".join(f"{u},{1 + u % 5},2005-09-06\n" for u in range(60000))
    s.write("ratings.txt", f"1:\n{lines}2:\n7,4,2005-01-01\n8,5,2005-01-01\n3:\n7,1,2004-01-01\n")
    log = train(s, example("The Netflix Prize"))
    assert "ratings: 60,003 rows, 60,003 kept" in log and "3 items (3 of them rated)" in log, log
    with s.daemon():
        assert show(s, 1)["ratings"] == 60000 and show(s, 2)["ratings"] == 2, (show(s, 1), show(s, 2))
        assert show(s, 2)["title"] == "Caf\u00e9, with a Comma" and show(s, 1)["year"] == 2003
        assert show(s, 3)["title"] == '"Weird Al" Yankovic: Live'
    s.write("ratings.txt", "7,4,2005-01-01\n1:\n8,5,2005-01-01\n")
    log = train(s, example("The Netflix Prize"), status=1)
    assert 'ratings stand before the first line "12:"' in log, log


def named_columns(s: Scratch):
    s.write("shows.csv", "id,title,english,japanese\n1,A,First,\u4e00\n2,B,,\n")
    s.write("ratings.csv", "show,name,stars\n1,a,5\n2,a,0\n1,b,-1\n2,b,3\n")
    log = train(s, example("Any other file"))
    assert "ratings: 4 rows, 2 kept; 0 repeats (the last counts), 0 rejected, 2 unrated" in log, log
    with s.daemon():
        assert s.ask("show", "first")["item"]["id"] == 1 and s.ask("show", "\u4e00")["item"]["id"] == 1


def no_header(s: Scratch):
    s.write("shows.csv", "uid,title\n1,A\n2,B\n")
    with open(s.path("ratings.txt"), "wb") as file:
        file.write(b"Ren\xe9e;1;4;anime\nJos\xe9;2;3;manga\nJos\xe9;1;2;Anime\n")
    log = train(s, example("A file without a header"))
    assert "ratings: 2 rows, 2 kept" in log and "1 of other kinds" in log and "2 users" in log, log


def nothing_to_train_on(s: Scratch):
    """There is an error that names the file, and no model is written."""
    s.write("animes.csv", "uid,title\n1,A\n")
    header = "profile,anime_uid,score\n"
    for ratings, why in (("", "the file is empty"), (header, "no ratings (0 rows read"),
                         (header + "a,1,good\nb,1,inf\n", "2 of 2 rows are malformed, the first on line 2"),
                         (header + "a,9,5\n", "none of the 1 ratings is of an item in the catalogue")):
        s.write("reviews.csv", ratings)
        log = train(s, TWO_FILES, status=1)
        assert f"error: {s.path('reviews.csv')}: {why}" in log, log
        assert not os.path.exists(s.models), log


def one_rating(s: Scratch):
    s.write("animes.csv", "uid,title\n1,A\n")
    s.write("reviews.csv", "profile,anime_uid,score\na,1,5\n")
    assert "model 1 written" in train(s, TWO_FILES)


main([kaggle_reviews, cooperunion, hernan4444, dbdmobile, azathoth42, movielens_100k, movielens_1m, movielens, netflix,
      named_columns, no_header, nothing_to_train_on, one_rating])

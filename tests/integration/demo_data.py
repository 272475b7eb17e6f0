#!/usr/bin/env python3
"""Tests the demo data: the ratings are what generate.py makes, and the catalogue is complete, sound and valid CSV."""

import ast
import csv
import os
import re
import subprocess
import sys
import tempfile
import unittest

import harness

DEMO = os.path.join(harness.SRCDIR, "etc", "demo")
GENERATE = os.path.join(DEMO, "generate.py")
REVIEWS = os.path.join(DEMO, "reviews.csv")


def run_generate(*arguments):
    """Run generate.py.  Returns its exit status and its standard error."""
    done = subprocess.run([sys.executable, GENERATE, *arguments], stderr=subprocess.PIPE, universal_newlines=True)
    return done.returncode, done.stderr


def read_catalogue():
    """The rows of animes.csv as dicts."""
    with open(os.path.join(DEMO, "animes.csv"), encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


class Catalogue(unittest.TestCase):
    """animes.csv"""

    @classmethod
    def setUpClass(cls):
        cls.rows = read_catalogue()

    def test_columns(self):
        columns = ["uid", "title", "alt_titles", "synopsis", "genre", "aired", "episodes", "type"]
        for row in self.rows:
            self.assertEqual(list(row), columns, row)
            self.assertNotIn(None, row.values(), row)

    def test_size(self):
        self.assertGreaterEqual(len(self.rows), 300)

    def test_uids_are_unique_and_ascend(self):
        uids = [int(row["uid"]) for row in self.rows]
        self.assertEqual(uids, sorted(set(uids)))

    def test_values(self):
        for row in self.rows:
            self.assertEqual(row["title"].strip(), row["title"])
            self.assertTrue(row["title"], row)
            self.assertTrue(1963 <= int(row["aired"]) <= 2025, row)
            self.assertTrue(row["episodes"] == "" or int(row["episodes"]) > 0, row)
            self.assertIn(row["type"], ("TV", "Movie", "OVA", "ONA", "Special"), row)

    def test_alternative_titles_are_others_than_the_title(self):
        for row in self.rows:
            if row["alt_titles"]:
                alternatives = row["alt_titles"].split("|")
                self.assertNotIn("", alternatives, row)
                self.assertNotIn(row["title"], alternatives, row)

    def test_no_synopsis(self):
        self.assertEqual([row["uid"] for row in self.rows if row["synopsis"]], [])

    def test_genres(self):
        for row in self.rows:
            genres = ast.literal_eval(row["genre"])
            self.assertIsInstance(genres, list, row)
            self.assertTrue(genres, row)
            self.assertEqual(genres, sorted(set(genres)), row)

    def test_titles_exercise_csv(self):
        text = [row["title"] + row["alt_titles"] for row in self.rows]
        for wanted in (",", '"', "'", ";", "°", "★"):
            self.assertTrue(any(wanted in t for t in text), wanted)

    def test_some_names_are_shared(self):
        """Some titles belong to two shows, so that an ambiguous title can be tried out."""
        names = [name for row in self.rows for name in [row["title"], *row["alt_titles"].split("|")] if name]
        for shared in ("Berserk", "Hunter x Hunter", "Kanon", "Fruits Basket"):
            self.assertEqual(names.count(shared), 2, shared)


class Reviews(unittest.TestCase):
    """reviews.csv"""

    @classmethod
    def setUpClass(cls):
        with open(REVIEWS, encoding="utf-8", newline="") as stream:
            cls.comment = stream.readline()
            cls.rows = list(csv.DictReader(stream, strict=True))

    def test_says_that_it_is_synthetic(self):
        self.assertRegex(self.comment, r"^# .*synthetic.*generate\.py.* seed \d+.*nobody's opinions")

    def test_rows(self):
        shows = {row["uid"] for row in read_catalogue()}
        for number, row in enumerate(self.rows, 1):
            self.assertEqual(list(row), ["uid", "profile", "anime_uid", "score"])
            self.assertEqual(int(row["uid"]), number)
            self.assertTrue(re.fullmatch(r"demo_user_\d{3}", row["profile"]), row)
            self.assertIn(row["anime_uid"], shows, row)
            self.assertTrue(1 <= int(row["score"]) <= 10, row)

    def test_no_pair_is_rated_twice(self):
        self.assertEqual(len({(row["profile"], row["anime_uid"]) for row in self.rows}), len(self.rows))

    def test_every_show_is_rated(self):
        self.assertEqual({row["anime_uid"] for row in self.rows}, {row["uid"] for row in read_catalogue()})

    def test_shape(self):
        self.assertTrue(25000 <= len(self.rows) <= 30000, len(self.rows))
        self.assertLess(os.path.getsize(REVIEWS), 800000)
        mean = sum(int(row["score"]) for row in self.rows) / len(self.rows)
        self.assertTrue(7.2 <= mean <= 7.8, mean)
        activity = {}
        for row in self.rows:
            activity[row["profile"]] = activity.get(row["profile"], 0) + 1
        self.assertGreaterEqual(min(activity.values()), 10)
        self.assertLessEqual(max(activity.values()), 150)


class Generate(unittest.TestCase):
    """generate.py"""

    def test_makes_the_file_in_the_tree(self):
        self.assertEqual(run_generate("--check"), (0, ""))

    def test_check_finds_a_changed_byte(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "reviews.csv")
            self.assertEqual(run_generate("-o", path), (0, ""))
            self.assertEqual(run_generate("--check", "-o", path), (0, ""))
            with open(path, "rb+") as stream:
                stream.seek(-2, os.SEEK_END)
                last = stream.read(1)
                stream.seek(-2, os.SEEK_END)
                stream.write(b"1" if last != b"1" else b"2")
            status, message = run_generate("--check", "-o", path)
            self.assertEqual(status, 1)
            self.assertIn(path, message)

    def test_check_of_a_missing_file(self):
        with tempfile.TemporaryDirectory() as folder:
            status, message = run_generate("--check", "-o", os.path.join(folder, "none.csv"))
        self.assertEqual(status, 1)
        self.assertIn("cannot read", message)

    def test_another_seed_makes_another_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "reviews.csv")
            self.assertEqual(run_generate("--seed", "2", "-o", path), (0, ""))
            self.assertEqual(run_generate("--seed", "2", "--check", "-o", path), (0, ""))
            self.assertEqual(run_generate("--check", "-o", path)[0], 1)


if __name__ == "__main__":
    done = unittest.main(exit=False).result
    bad = len(done.failures) + len(done.errors)
    harness.finish(done.testsRun - bad, bad, 0)

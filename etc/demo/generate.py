#!/usr/bin/env python3
"""Make the demo's synthetic ratings, reviews.csv, from the catalogue animes.csv.

The ratings are nobody's opinions.  Each made-up user mixes one to three taste groups; a group is a set of weights over
genres with a leaning in era and popularity.  What a user rates and how well follows from that, and so a factor model
finds shows of one genre and tone close to each other.

The result is the same, byte for byte, on every Python 3 and every machine: all chance comes from Random(seed).random()
and all arithmetic on floats is + - * / and sqrt, which IEEE 754 rounds exactly; exp(), log() and ** differ between
C libraries, and sum() between Python versions.
"""

import argparse
import ast
import bisect
import csv
import io
import itertools
import math
import os
import random
import sys
from dataclasses import dataclass

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOGUE = os.path.join(HERE, "animes.csv")
REVIEWS = os.path.join(HERE, "reviews.csv")

SEED = 20170707
USERS = 640
FEWEST, MOST = 10, 150  # ratings of one user
MEAN_SCORE = 6.6  # of an average show, before users pick what suits them
TASTE_POINTS = 1.25  # of score, for a show one standard deviation to the user's taste


@dataclass(frozen=True)
class Group:
    """A taste group: weights over genres, the year it looks back to, and its leaning to the popular (or away)."""

    genres: dict
    year: int
    popular: float


@dataclass(frozen=True)
class Item:
    """A show: quality is an offset in points of score, popularity a weight in being picked, both made up."""

    uid: int
    genres: tuple
    year: int
    quality: float
    popularity: float


GROUPS = {
    "dark journeys": Group({
        "Adventure": 1.1, "Fantasy": 0.9, "Mystery": 1.2, "Horror": 0.7, "Drama": 0.5, "Sci-Fi": 0.4, "Seinen": 0.4,
        "Psychological": 0.3, "Comedy": -1.2, "School": -1.0, "Romance": -0.9, "Kids": -1.2, "Harem": -1.0,
        "Shounen": -0.4, "Sports": -1.0, "Music": -0.7, "Police": -0.5, "Slice of Life": -0.2}, 2014, 0.0),
    "minds and machines": Group({
        "Psychological": 1.3, "Thriller": 1.0, "Sci-Fi": 0.7, "Mystery": 0.7, "Dementia": 0.9, "Police": 0.6,
        "Horror": 0.4, "Seinen": 0.3, "Comedy": -0.9, "Fantasy": -0.5, "Sports": -0.7, "Ecchi": -0.8, "Shounen": -0.3,
        "Adventure": -0.5, "Magic": -0.5}, 2003, 0.0),
    "shounen battles": Group({
        "Shounen": 1.2, "Action": 0.8, "Super Power": 0.8, "Martial Arts": 0.7, "Demons": 0.4, "Samurai": 0.4,
        "Supernatural": 0.3, "Psychological": -0.6, "Slice of Life": -0.8, "Romance": -0.6, "Dementia": -1.0,
        "Drama": -0.2, "Sports": -0.3}, 2010, 0.5),
    "other worlds": Group({
        "Fantasy": 1.0, "Magic": 1.1, "Game": 0.7, "Action": 0.4, "Ecchi": 0.4, "Demons": 0.3, "Harem": 0.5,
        "Comedy": 0.3, "Psychological": -0.7, "Sports": -0.8, "Historical": -0.4, "Mystery": -0.5, "Mecha": -0.4,
        "Slice of Life": -0.3, "Horror": -0.5}, 2016, 0.4),
    "love and tears": Group({
        "Romance": 1.2, "Drama": 0.9, "Shoujo": 0.7, "Josei": 0.6, "School": 0.4, "Music": 0.3, "Action": -1.0,
        "Mecha": -0.7, "Horror": -0.9, "Space": -0.6, "Parody": -0.5, "Sports": -0.3}, 2011, 0.1),
    "quiet days": Group({
        "Slice of Life": 1.6, "Music": 0.5, "Josei": 0.5, "Kids": 0.3, "Seinen": 0.2, "Historical": 0.2,
        "Fantasy": 0.1, "Action": -1.0, "Thriller": -0.8, "Horror": -0.9, "Mecha": -0.7, "Ecchi": -0.7,
        "Romance": -0.2}, 2012, -0.3),
    "laughter at school": Group({
        "Comedy": 1.3, "School": 0.9, "Parody": 0.8, "Ecchi": 0.4, "Slice of Life": 0.3, "Harem": 0.4, "Drama": -1.0,
        "Historical": -0.5, "Psychological": -0.6, "Horror": -0.8, "Military": -0.6, "Mystery": -0.4}, 2012, 0.1),
    "robots and stars": Group({
        "Mecha": 1.2, "Space": 1.2, "Military": 0.9, "Sci-Fi": 0.8, "Drama": 0.2, "Fantasy": -0.6, "School": -0.7,
        "Supernatural": -0.7, "Slice of Life": -0.5, "Shounen": -0.4, "Magic": -0.6}, 1992, -0.2),
    "sweat and teams": Group({
        "Sports": 2.0, "Music": 0.5, "Game": 0.3, "School": 0.3, "Shounen": 0.3, "Drama": 0.1, "Magic": -0.6,
        "Horror": -0.7, "Supernatural": -0.6, "Dementia": -0.6, "Sci-Fi": -0.4}, 2011, 0.2),
    "old films and classics": Group({
        "Historical": 0.7, "Adventure": 0.7, "Kids": 0.5, "Dementia": 0.3, "Fantasy": 0.3, "Drama": 0.4,
        "Samurai": 0.3, "Ecchi": -1.0, "Harem": -1.0, "School": -0.9, "Super Power": -0.6, "Game": -0.6}, 1985, -0.4),
}
ERA_PULL = 0.35  # how much of a group's match is lost for each ten years from its year
FAR_YEARS = 25  # beyond this, further years make no difference
MIXES = ((1.0,), (0.75, 0.55), (0.7, 0.5, 0.4))  # strengths of a user's groups


def hash_unit(uid, salt):
    """A number in [0, 1) that depends on nothing but uid and salt, and looks random (a multiply-xorshift mix)."""
    x = (uid * 0x9E3779B1 + salt * 0x85EBCA77) & 0xFFFFFFFF
    for _ in range(2):
        x = ((x ^ (x >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return (x ^ (x >> 16)) / 2**32


def read_catalogue(path):
    """Read the shows, in order of uid."""
    with open(path, encoding="utf-8", newline="") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: int(row["uid"]))
    return [make_item(int(row["uid"]), tuple(ast.literal_eval(row["genre"])), int(row["aired"])) for row in rows]


def make_item(uid, genres, year):
    """Give a show its made-up quality (-0.8 to 0.8) and its popularity, of which few have much and many little."""
    quality = 1.6 * hash_unit(uid, 1) - 0.8
    popularity = 1.0 / (0.1 + hash_unit(uid, 6))
    return Item(uid, genres, year, quality, popularity)


def standardise(values):
    """Shift and scale to mean 0 and standard deviation 1."""
    mean = math.fsum(values) / len(values)
    deviation = math.sqrt(math.fsum((v - mean) * (v - mean) for v in values) / len(values))
    return [(v - mean) / deviation for v in values]


def group_match(group, items):
    """How well each show suits a group, as deviations from the average show."""
    raw = []
    for item in items:
        genres = math.fsum(group.genres.get(genre, 0.0) for genre in item.genres) / math.sqrt(len(item.genres))
        era = ERA_PULL * min(abs(item.year - group.year), FAR_YEARS) / 10
        raw.append(genres - era + group.popular * item.popularity / 10)
    return standardise(raw)


def normal(rng):
    """A draw close to the standard normal: twelve uniform ones added up."""
    return math.fsum(rng.random() for _ in range(12)) - 6


def choose(rng, options):
    """One of the options, all equally likely."""
    return options[int(rng.random() * len(options))]


def make_taste(rng, matches):
    """A user's taste for every show: a mix of one to three different groups."""
    groups = list(matches)
    taste = [0.0] * len(groups[0])
    for strength in choose(rng, MIXES):
        group = groups.pop(int(rng.random() * len(groups)))
        taste = [t + strength * m for t, m in zip(taste, group)]
    return taste


def make_activity(rng):
    """How many shows a user rates: most users few, some many."""
    u = rng.random()
    return FEWEST + int((MOST - FEWEST + 1) * u * u * u)


def pick_items(rng, items, taste, count):
    """Draw different shows, the popular and those to the user's taste more often."""
    appetite = [max(0.3, 1.0 + t) for t in taste]
    totals = list(itertools.accumulate(item.popularity * a * a for item, a in zip(items, appetite)))
    picked = {}  # a dict keeps the order of the draws
    while len(picked) < count:
        at = bisect.bisect_right(totals, rng.random() * totals[-1])
        picked[min(at, len(items) - 1)] = True
    return list(picked)


def rate(rng, items, matches):
    """Yield one user's ratings as (uid, score)."""
    taste = make_taste(rng, matches)
    bias = 0.6 * normal(rng)
    spread = 0.7 + 0.6 * rng.random()
    for at in pick_items(rng, items, taste, make_activity(rng)):
        score = MEAN_SCORE + bias + spread * (items[at].quality + TASTE_POINTS * taste[at]) + 0.65 * normal(rng)
        yield items[at].uid, max(1, min(10, round(score)))


def generate(seed):
    """The whole of reviews.csv as bytes."""
    rng = random.Random(seed)
    items = read_catalogue(CATALOGUE)
    matches = [group_match(group, items) for group in GROUPS.values()]
    out = io.StringIO()
    out.write(f"# These ratings are synthetic: generate.py made them with seed {seed}. They are nobody's opinions.\n")
    out.write("uid,profile,anime_uid,score\n")
    number = 0
    for user in range(1, USERS + 1):
        for uid, score in rate(rng, items, matches):
            number += 1
            out.write(f"{number},demo_user_{user:03d},{uid},{score}\n")
    return out.getvalue().encode("utf-8")


def check(data, path):
    """Compare with the file; return a complaint, or None if the two agree."""
    try:
        with open(path, "rb") as stream:
            found = stream.read()
    except OSError as error:
        return f"cannot read {path}: {error.strerror}"
    if found != data:
        return f"{path} is not what generate.py makes from {CATALOGUE}; run generate.py -o {path}"
    return None


def main():
    """Write the ratings, or check the file."""
    parser = argparse.ArgumentParser(description="Make the demo's synthetic ratings from animes.csv.")
    parser.add_argument("--seed", type=int, default=SEED, help="of the random numbers (default: %(default)s)")
    parser.add_argument("--check", action="store_true", help="compare with the file instead of writing it")
    parser.add_argument("-o", "--output", metavar="FILE", default=REVIEWS, help="default: reviews.csv beside this script")
    args = parser.parse_args()

    data = generate(args.seed)
    if args.check:
        complaint = check(data, args.output)
        if complaint:
            sys.exit(f"generate.py: {complaint}")
        return
    with open(args.output, "wb") as stream:
        stream.write(data)


if __name__ == "__main__":
    main()

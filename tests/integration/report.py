#!/usr/bin/env python3
"""Tests animed train --report: the page has the numbers of the training, and a report that fails keeps the model."""

import os
import re
import xml.etree.ElementTree as xml

import harness

SVG = "{http://www.w3.org/2000/svg}"


def rows(page, table):
    """The body of a table, as a list of cells for each row."""
    body = page.find(f".//table[@id='{table}']/tbody")
    return [["".join(cell.itertext()) for cell in row] for row in body]


def number(text):
    return float(text.replace(",", ""))


def models(scratch):
    return sorted(os.listdir(scratch.models)) if os.path.isdir(scratch.models) else []


def page_has_the_numbers_of_the_run(scratch):
    scratch.configure(model="{plugin: bias, factors: 24, epochs: 9}")
    _, log = scratch.animed("train", "--report", "run.html")
    page = xml.parse(scratch.path("run.html")).getroot()
    epochs = re.findall(r"^(\d+) +(\d+\.\d+) +(\d+\.\d+) ", log, re.MULTILINE)
    assert len(epochs) == 9, log
    assert [tuple(row[:3]) for row in rows(page, "epochs")] == epochs
    run = dict(rows(page, "run"))
    said = re.search(r"held-out RMSE (\d+\.\d+) \(MSE (\d+\.\d+)\)", log)
    assert f"{number(run['held-out RMSE']):.4f}" == said[1], (run, said)
    trained, held_out = map(int, re.search(r"on (\d+) ratings, (\d+) held out", log).groups())
    assert number(run["trained on"]) == trained and number(run["held out"]) == held_out
    assert run["variant"] == "bias" and "factors 24, epochs 9" in run["parameters"] and run["model"] == "1"
    assert sum(number(row[1]) for row in rows(page, "scores")) == trained + held_out
    for table in ("by-item", "by-user", "calibration"):
        bins = [(number(row[1]), number(row[-1])) for row in rows(page, table) if number(row[1])]
        assert sum(n for n, _ in bins) == held_out, table
        rmse = (sum(n * error ** 2 for n, error in bins) / held_out) ** 0.5
        assert abs(rmse - number(run["held-out RMSE"])) < 1e-5, (table, rmse)
    assert number(run["held-out RMSE"]) < number(run["RMSE of predicting the training mean"])


def picture_is_alone_and_accessible(scratch):
    scratch.configure()
    scratch.animed("train", "--report", "run.svg")
    scratch.animed("train", "--report", "run.html")
    with open(scratch.path("run.svg"), encoding="utf-8") as file:
        text = file.read()
    with open(scratch.path("run.html"), encoding="utf-8") as file:
        text += file.read()
    text = text.replace("http://www.w3.org/2000/svg", "")
    for outside in ("http", "src=", "href=", "@import", "url(", "<script"):
        assert outside not in text, outside
    picture = xml.parse(scratch.path("run.svg")).getroot()
    assert picture.tag == SVG + "svg" and picture.get("role") == "img"
    named = picture.get("aria-labelledby").split()
    assert [picture.find(f"{SVG}{tag}").get("id") for tag in ("title", "desc")] == named
    for shape in picture.iter(SVG + "text"):
        assert 0 <= float(shape.get("x")) <= 1000 and shape.text, shape.attrib
    for shape in picture.iter(SVG + "rect"):
        assert float(shape.get("width")) >= 0 and float(shape.get("height")) >= 0, shape.attrib
    assert len(picture.findall(f"{SVG}g")) == 5
    assert not [name for name in os.listdir(scratch.home) if name.endswith(".tmp")]


def nothing_held_out(scratch):
    scratch.configure(more="train: {valid_pct: 0}\n")
    scratch.animed("train", "--report", "run.html")
    page = xml.parse(scratch.path("run.html")).getroot()
    assert "Nothing was held out" in "".join(page.itertext())
    assert page.find(".//table[@id='by-item']") is None and "held-out RMSE" not in dict(rows(page, "run"))


def refused_before_training(scratch):
    scratch.configure()
    for name, why in (("run.pdf", "FILE.svg"), ("none/run.svg", "cannot write to"), ("svg", "FILE.svg")):
        _, err = scratch.animed("train", "--report", name, status=2)
        assert why in err and "epoch" not in err, err
    assert models(scratch) == []


def model_outlives_its_report(scratch):
    scratch.configure()
    # this name is allowed, but the name of its temporary file is too long
    name = "x" * 251 + ".svg"
    _, err = scratch.animed("train", "--report", name, status=1)
    assert "model 1 is written, but its report is not" in err, err
    assert "1.safetensors" in models(scratch)
    assert not os.path.exists(scratch.path(name))
    with scratch.daemon():
        assert scratch.ask("status")["model"]["version"] == 1
        scratch.ask("pin", "1")
        # the pinned version stays current, so the message must not say that the new one is current
        _, err = scratch.animed("train", "--report", name, status=1)
        assert "model 2 is written, but its report is not" in err and "current, but" not in err, err


if __name__ == "__main__":
    harness.main([page_has_the_numbers_of_the_run, picture_is_alone_and_accessible, nothing_held_out,
                  refused_before_training, model_outlives_its_report])

#!/usr/bin/env python3
"""Trains on real ratings: the notebook's protocol gives the notebook's figures, and the default model answers well."""

import os
import re

import harness

harness.need_real_ratings()

# The losses of the same protocol in PyTorch, with the same data and the same share held out: of the plain variant that
# of the last epoch, of the bias variant that of the best epoch.
PLAIN_LAST = 1.657
BIAS_BEST = 1.59
TOLERANCE = 0.03
# the figures are those of the training that holds ratings out; a second one on all of them shows nothing here
ONCE = "train: {refit: false}\n"


def losses(log):
    """The column valid_loss in the table of the epochs."""
    return [float(loss) for loss in re.findall(r"^\d+ +\d+\.\d+ +(\d+\.\d+) ", log, re.MULTILINE)]


def notebook_plain(scratch):
    scratch.configure(data=harness.MAL, model="{plugin: plain, optimizer: notebook}", more=ONCE)
    _, log = scratch.animed("train")
    valid = losses(log)
    assert len(valid) == 12, log
    print(f"   plain, by epoch: {valid}")
    assert abs(valid[-1] / PLAIN_LAST - 1) < TOLERANCE, f"last {valid[-1]}, PyTorch {PLAIN_LAST}"
    # the shape of the curve: far off in the two epochs of warming up, and close to the end at the fifth
    assert valid[0] > 8 and 4 < valid[1] < 7 and valid[4] < 1.75, valid


def notebook_bias(scratch):
    scratch.configure(data=harness.MAL, model="{plugin: bias, optimizer: notebook}", more=ONCE)
    _, log = scratch.animed("train")
    valid = losses(log)
    print(f"   bias, by epoch: {valid}")
    assert abs(min(valid) / BIAS_BEST - 1) < TOLERANCE, f"best {min(valid)}, PyTorch {BIAS_BEST}"
    assert valid.index(min(valid)) in (3, 4, 5), valid


def default(scratch):
    scratch.configure(data=harness.MAL, more=ONCE)
    _, log = scratch.animed("train")
    assert "423,123 kept; 8,462 repeats" in log, log
    assert losses(log)[-1] < 1.42, log
    with scratch.daemon():
        answer = scratch.ask("similar", "Made in Abyss")
        assert answer["item"]["id"] == 34599 and len(answer["items"]) == 10, answer
        assert answer["evidence"] == "little" and answer["by"] == "corating", answer
        assert scratch.ask("similar", "Beserk")["item"]["title"] == "Berserk"


if __name__ == "__main__":
    tests = [default] if harness.SANITIZE != "no" else [default, notebook_plain, notebook_bias]
    harness.main(tests)

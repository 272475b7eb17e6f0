#!/usr/bin/env python3
"""Sends the examples of PROTOCOL.md to a daemon with the demo model, and compares its answers with theirs."""

import json
import os
import re

import harness
import wire

ANY = "\0"


def examples():
    """The (request, response) pairs of PROTOCOL.md in their order."""
    with open(os.path.join(harness.SRCDIR, "proto", "PROTOCOL.md"), encoding="utf-8") as file:
        text = file.read()
    found = []
    for block in re.findall(r"^```\n(.*?)^```$", text, re.S | re.M):
        lines = block.splitlines()
        assert len(lines) % 2 == 0, block
        for sent, received in zip(lines[::2], lines[1::2]):
            assert sent.startswith("-> ") and received.startswith("<- "), block
            found.append((json.loads(sent[3:]), parse(received[3:])))
    return found


def parse(text):
    """Parse JSON in which "..." stands for anything: a value, the rest of a list or a map, the end of a string."""
    text = re.sub(r'("(?:[^"\\]|\\.)*")|\.\.\.', lambda match: match.group(1) or '"\\u0000"', text)
    text = re.sub(r'([{,]\s*)"\\u0000"\s*}', r'\1"\\u0000": 0}', text)
    return json.loads(text)


def check(expected, got, where):
    if expected == ANY:
        return
    if isinstance(expected, str) and expected.endswith("..."):
        assert isinstance(got, str) and got.startswith(expected[:-3]), (where, expected, got)
    elif isinstance(expected, dict):
        assert isinstance(got, dict), (where, expected, got)
        for key, value in expected.items():
            if key != ANY:
                assert key in got, (where, key, got)
                check(value, got[key], f"{where}.{key}")
        assert ANY in expected or set(expected) == set(got), (where, "not shown:", set(got) - set(expected))
    elif isinstance(expected, list):
        open_end = expected[-1:] == [ANY]
        shown = expected[:-1] if open_end else expected
        assert isinstance(got, list) and len(shown) <= len(got), (where, expected, got)
        assert open_end or len(shown) == len(got), (where, expected, got)
        for i, value in enumerate(shown):
            check(value, got[i], f"{where}[{i}]")
    elif isinstance(expected, float):
        assert abs(expected - got) < 1e-6, (where, expected, got)
    else:
        assert type(expected) is type(got) and expected == got, (where, expected, got)


def protocol(scratch):
    scratch.configure(more="store: {watch: false}\n")
    scratch.animed("train")
    pairs = examples()
    with scratch.daemon(), wire.Connection(scratch.socket) as connection:
        for request, response in pairs:
            connection.send(request)
            check(response, connection.receive(), f"PROTOCOL.md: {request}")
    methods = {request[2] for request, _ in pairs}
    print(f"   {len(pairs)} examples of {len(methods)} methods")
    assert len(pairs) > 12, pairs


if __name__ == "__main__":
    harness.main([protocol])

#!/usr/bin/env python3
"""Tests that answers from the lists of neighbours have the same bytes as answers from a scan.

It asks for every item of the demo data and, where they are present, for items of the real ratings."""

import csv
import os
import random
import socket
import struct

import harness
from wire import pack

OPTIONS = [None, {}, [], *({"limit": limit} for limit in (1, 2, 9, 10, 15, 16, 99, 100, 101, 127, 128, 300, 1000)),
           {"min_ratings": 3}, {"limit": 5, "min_ratings": 10}, {"limit": 0}, {"limit": 1001}, {"limit": -1},
           {"limit": "5"}, {"limt": 5}, {"limit": None}]
# let answers come in the order of the requests, since the ids of the requests repeat
IN_ORDER = "queries: {{inline_us: 1000000000, shrink: {}}}\n"
DAMAGED = 500
MSGIDS = [0, 1, 127, 128, 255, 256, 65535, 65536, 2**32 - 1]


def skip(data, at):
    """Where the value that begins at `at` ends.  Raises IndexError where the value is not complete."""
    todo = 1
    while todo:
        byte = data[at]
        at += 1
        todo -= 1
        if 0x80 <= byte <= 0x9f:
            todo += (byte & 15) * (2 if byte < 0x90 else 1)
        elif 0xa0 <= byte <= 0xbf:
            at += byte & 31
        elif byte in (0xd9, 0xda):
            size = byte - 0xd8
            at += size + int.from_bytes(data[at:at + size], "big")
        elif byte == 0xdc:
            todo += int.from_bytes(data[at:at + 2], "big")
            at += 2
        else:
            at += {0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8}.get(byte, 0)
        if at > len(data):
            raise IndexError
    return at


def answers(path, requests, at_once=32):
    """Send the requests.  Returns the bytes of every answer, in the order of the requests."""
    found = []
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        for begin in range(0, len(requests), at_once):
            batch = requests[begin:begin + at_once]
            stream.sendall(b"".join(batch))
            data, at, missing = b"", 0, len(batch)
            while missing:
                try:
                    end = skip(data, at)
                    found.append(data[at:end])
                    at, missing = end, missing - 1
                except IndexError:
                    with harness.limit(f"the answer to {requests[len(found)]}"):
                        more = stream.recv(1 << 20)
                    assert more, f"the daemon hung up before it answered {requests[len(found)]}"
                    data += more
            assert at == len(data), "more than was asked for"
    return found


def last_words(path, message):
    """Send the bytes of one message and the end of the stream.  Returns everything that the daemon answers."""
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(path)
        stream.sendall(message)
        stream.shutdown(socket.SHUT_WR)
        data = b""
        with harness.limit(f"the end of the answer to {message}"):
            while more := stream.recv(1 << 20):
                data += more
        return data


def damaged(requests, n):
    """Yield n requests that are cut short, or have a byte changed, added or left out, the same ones in every run."""
    rng = random.Random(11)
    for request in rng.choices(requests, k=n):
        at, byte = rng.randrange(len(request)), bytes([rng.choice([0, 0x7f, 0x80, 0x90, 0xa5, 0xcc, 0xcf, 0xd9, 0xda, 0xff])])
        yield rng.choice([request[:at], request[:at] + byte + request[at + 1:], request[:at] + byte + request[at:],
                          request[:at] + request[at + 1:], request + byte])


def make_requests(data):
    """Make requests that the lists may answer, and requests that only look like them.  Returns both lists."""
    with open(os.path.join(data, "animes.csv"), encoding="utf-8", newline="") as file:
        rows = [(int(row["uid"]), row["title"]) for row in csv.DictReader(file)]
    likely, other = [], []
    for i, (uid, title) in enumerate(rows):
        options = OPTIONS[i % len(OPTIONS)]
        msgid = pack(MSGIDS[i % len(MSGIDS)])
        for show in (uid, title, title.lower(), title + " x"):
            params = [show] if options is None else [show, options]
            plain = [show] if i % 2 else [show, {"limit": i % 12 + 1}]
            likely.append(b"\x94\x00" + msgid + pack("similar") + pack(plain))
            other.append(b"\x94\x00" + msgid + pack("similar") + pack(params))
    title = rows[0][1]
    for params in ([], [title, {}, {}], [None], [-5], [b"".decode()], [[title]], [2**63], [2**64 - 1], [title, None]):
        other.append(b"\x94\x00\x01" + pack("similar") + pack(params))
    bare = pack("similar") + pack([title])
    # numbers and strings in other forms than the shortest, a bin for a title, another method
    other += [b"\x94\x00\xcd\x00\x05" + bare, b"\x94\x00\xcf" + bytes(7) + b"\x05" + bare,
              b"\x94\x00\x05\xd9\x07similar" + pack([title]), b"\x94\xcc\x00\x05" + bare,
              b"\x94\x00\x05" + pack("similar") + b"\x91\xda" + struct.pack(">H", len(title.encode())) + title.encode(),
              b"\x94\x00\x05" + pack("similar") + b"\x91\xc4" + bytes([len(title.encode())]) + title.encode(),
              b"\x94\x00\x05" + pack("show") + pack([title]), b"\xdc\x00\x04\x00\x05" + bare]
    return likely, other


def check(scratch, data, every, shrink=20, model="{plugin: bias}"):
    scratch.configure(data=data, model=model, more="  similarity: {neighbours: 0}\n" + IN_ORDER.format(shrink))
    scratch.animed("train")
    likely, other = make_requests(data)
    likely, other = likely[::every], other[::every] + other[-17:]
    with scratch.daemon():
        scanned = answers(scratch.socket, likely + other)
        to_damaged = [last_words(scratch.socket, request) for request in damaged(likely, DAMAGED)]
        assert scratch.ask("status")["from_lists"] == 0
    scratch.configure(data=data, model=model, more="  similarity: {neighbours: 100}\n" + IN_ORDER.format(shrink))
    with scratch.daemon():
        harness.until(lambda: scratch.ask("status")["model"]["neighbours"] > 0, "the lists of neighbours")
        listed = answers(scratch.socket, likely)
        plain = scratch.ask("status")
        quick = plain["from_lists"]
        listed += answers(scratch.socket, other)
        for request, answer in zip(damaged(likely, DAMAGED), to_damaged):
            assert last_words(scratch.socket, request) == answer, request
        status = scratch.ask("status")
    for request, a, b in zip(likely + other, scanned, listed):
        assert a == b, f"{request}\nby a scan:  {a}\nfrom lists: {b}"
    # the lists answer each id and each exact title, unless the answer is an error, which has a class in place of nil
    expected = sum(b"\xc0\x86\xa5model" in answer[:16] for i, answer in enumerate(listed[:len(likely)]) if i * every % 4 < 2)
    print(f"   {len(listed)} answers alike; {status['from_lists']} from lists")
    assert quick >= expected > 0 and status["from_lists"] > quick, (quick, expected)
    return plain


def demo(scratch):
    check(scratch, os.path.join(harness.SRCDIR, "etc", "demo"), 1)


def without_shrink(scratch):
    check(scratch, os.path.join(harness.SRCDIR, "etc", "demo"), 5, shrink=0)


def real(scratch):
    harness.need_real_ratings()
    status = check(scratch, harness.MAL, 61, model="{plugin: bias, epochs: 1}")
    size = os.path.getsize(os.path.join(scratch.models, "current"))
    print(f"   resident: {status['memory'] / 1e6:.1f} MB, the model's file {size / 1e6:.1f} MB")
    assert status["memory"] <= 2 * size


if __name__ == "__main__":
    # with a sanitizer the demo data take long enough, and go the same ways
    harness.main([demo, without_shrink, real] if harness.SANITIZE == "no" else [demo, without_shrink])

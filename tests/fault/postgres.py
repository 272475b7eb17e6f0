#!/usr/bin/env python3
"""Loads from a PostgreSQL server while memory is short: load_postgres makes the loads, and finds the server here."""

import os

import fault
import harness
import pgserver
import ratings


def loading(scratch):
    with pgserver.Server(scratch) as server:
        ratings.write_postgres(scratch, server)
        print(scratch.run(os.path.join(harness.BUILDDIR, "tests", "fault", "load_postgres"))[0], end="")


if __name__ == "__main__":
    fault.main([loading])

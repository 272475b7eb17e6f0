#!/usr/bin/env python3
"""Runs every command of animectl while its memory is short.

Whichever allocation fails, animectl prints what it prints otherwise, or an exit status and a message say that it
failed."""

import fault
import harness

COMMANDS = [
    ["status"],
    ["similar", "Trigun"],
    ["similar", "Trigun", "-n", "3", "--explain", "--genre", "Action"],
    ["similar", "Trigun", "+", "Cowboy", "Bebop", "-", "Naruto"],
    ["similar", "Trigun", "--year", "1901"],
    ["--json", "similar", "Trigun", "-n", "2"],
    ["similar", "no such show at all"],
    ["recommend", "Trigun=8", "Naruto=3"],
    ["recommend", "--user", "demo_user_001"],
    ["cult"],
    ["search", "bebop"],
    ["--json", "search", "bebop"],
    ["show", "Trigun"],
    ["predict", "demo_user_001", "Trigun"],
    ["models"],
    ["reload"],
    ["reload", "--dry-run"],
    ["pin"],
    ["unpin"],
    ["rollback", "1"],
    ["cancel"],
    ["retrain", "--wait"],
    ["--help"],
    ["similar", "--help"],
    ["similer", "Trigun"],
]


def idle(scratch):
    """Wait until no training runs."""
    while scratch.ask("status")["retrain"]["running"]:
        pass


# what makes a command find the same state in every run
BEFORE = {"unpin": lambda scratch: scratch.ctl("pin"), "retrain": idle}


def commands(scratch):
    faults = fault.Faults(scratch)
    scratch.configure(data=fault.small_data(scratch), model="{plugin: bias, epochs: 1, factors: 4}",
                      more="store: {watch: false}\n")
    scratch.animed("train")
    with scratch.daemon():
        runner = fault.Runner(scratch, faults)
        for command in COMMANDS:
            runner.every([harness.ANIMECTL, *command], before=BEFORE.get(command[0]))
        runner.end()


if __name__ == "__main__":
    fault.main([commands])

#!/usr/bin/env python3
"""Runs every command of animectl while its memory is short.

Whichever allocation fails, animectl prints what it prints otherwise, or an exit status and a message say that it
failed."""

import json
import os

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
    ["recommend", "--list", "list.xml", "--only", "owned.csv", "--not", "list.csv", "--why"],
    ["recommend", "--list", "list.xml", "--list", "list.json", "--for", "either", "-n", "2"],
    ["--json", "random", "--list", "list.xml", "--seed", "3"],
    ["next", "--list", "list.xml"],
    ["taste", "--list", "list.xml"],
    ["compare", "list.xml", "list.json"],
    ["compare", "nowhere.xml"],
    ["cult"],
    ["search", "bebop"],
    ["--json", "search", "bebop"],
    ["show", "Trigun"],
    ["predict", "demo_user_001", "Trigun"],
    ["import", "list.xml"],
    ["import", "list.json", "-v"],
    ["--json", "import", "list.csv"],
    ["rate", "Trigun", "8"],
    ["plan", "id:20"],
    ["list"],
    ["--json", "list", "--status", "planned"],
    ["export"],
    ["export", "--format", "json"],
    ["forget", "Trigun"],
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


LISTS = {
    "list.xml": "<?xml version='1.0'?>\n<myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>\n"
                "<anime><series_animedb_id>6</series_animedb_id><series_title><![CDATA[Trigun]]></series_title>"
                "<my_score>7</my_score><my_status>Completed</my_status><my_comments>a & b</my_comments></anime>"
                "</myanimelist>",
    "list.json": '{"title": "Naruto", "score": 4}\n{"title": "Narotu", "status": "loved"}\n'
                 '{"title": "No Such", "score": 5}\n',
    "owned.csv": "title\nCowboy Bebop\nNaruto\nTrigun\n",
    "list.csv": "title,score,status\nTrigun,80,\nTrigun,90,dropped\n",
}


def keep_list(scratch):
    """Make my list the same before each run."""
    os.makedirs(scratch.path("data-home/animectl"), exist_ok=True)
    scratch.write("data-home/animectl/list.json",
                  '{"animectl": 1, "x": 1, "entries": [{"mal": 6, "title": "Trigun", "score": 8, "y": [1]},\n'
                  '{"title": "Mine", "status": "planned", "notes": "n"}]}')


# what makes a command find the same state in every run
BEFORE = {"unpin": lambda scratch: scratch.ctl("pin"), "retrain": idle,
          **dict.fromkeys(("import", "rate", "plan", "list", "export", "forget"), keep_list)}


def commands(scratch):
    faults = fault.Faults(scratch)
    scratch.configure(data=fault.small_data(scratch), model="{plugin: bias, epochs: 1, factors: 4}",
                      more="store: {watch: false}\n")
    scratch.animed("train")
    for name, text in LISTS.items():
        scratch.write(name, text)
    with scratch.daemon():
        runner = fault.Runner(scratch, faults)
        for command in COMMANDS:
            word = command[1] if command[0] == "--json" else command[0]
            runner.every([harness.ANIMECTL, *command], before=BEFORE.get(word))
            if BEFORE.get(word) is keep_list:
                with open(scratch.path("data-home/animectl/list.json"), encoding="utf-8") as file:
                    assert json.load(file)["x"] == 1, "my list is whole after the last run"
                assert set(os.listdir(scratch.path("data-home/animectl"))) <= {"list.json", "list.json~"}, command
        runner.end()


if __name__ == "__main__":
    fault.main([commands])

"""What every command promises, and that one new file is a command."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from isogloss.cli.command import COMMANDS, Report
from tests.kit.copied import copied_tree, run_in

NEW = '''
"""isogloss count-spaces."""

from __future__ import annotations

import argparse

from isogloss.cli.command import Command, Report, workspace_of


class CountSpaces(Command):
    help = "how many spaces a collection has"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")

    def run(self, options: argparse.Namespace) -> Report:
        n = len(workspace_of(options).open(options.collection))
        return Report({"spaces": n}, [f"{n} spaces"])


member = CountSpaces()
'''


@pytest.mark.parametrize("name", COMMANDS.names)
def test_it_says_what_it_does_and_declares_its_arguments(name: str) -> None:
    one = COMMANDS[name]
    assert one.help[0] in "P" or one.help[0].islower()
    assert not one.help.endswith(".")
    parser = argparse.ArgumentParser()
    one.arguments(parser)
    assert all(action.help or action.metavar or action.dest for action in parser._actions)
    assert {action.dest for action in parser._actions}.isdisjoint({"workspace", "command", "run"})


def test_a_report_prints_itself(capsys: pytest.CaptureFixture[str]) -> None:
    report = Report({"é": 1}, ["one line", "another"])
    report.print(True)
    assert json.loads(capsys.readouterr().out) == {"é": 1}
    report.print(False)
    assert capsys.readouterr().out == "one line\nanother\n"


@pytest.mark.long
def test_a_new_file_is_a_command(tmp_path: Path) -> None:
    root = copied_tree(tmp_path)
    (root / "isogloss" / "cli" / "answers" / "count_spaces.py").write_text(NEW, encoding="utf-8")
    done = run_in(root, "-m", "isogloss", "count-spaces", "un-debates", "--json", home=tmp_path)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"spaces": 4})
    told = run_in(root, "-m", "isogloss", "--help", home=tmp_path).stdout
    assert "how many spaces a collection has" in told
    wrong = run_in(root, "-m", "isogloss", "count-spaces", "un-debats", home=tmp_path)
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)

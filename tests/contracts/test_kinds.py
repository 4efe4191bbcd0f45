"""The commands that cases may hold are commands that there are, and what is varied is what there is."""

from __future__ import annotations

import argparse
from itertools import product

import pytest

from components.rewriting.task import TASKS
from components.shell.lenses import lenses
from isogloss.alignment.bli import RETRIEVALS
from isogloss.alignment.method import METHODS, declared
from isogloss.cli.command import COMMANDS
from isogloss.cli.main import _parser
from isogloss.drift.measure import MEASURES, usable
from isogloss.nearest.criterion import lookup_criteria
from isogloss.notebook.commands import FLAG, ITEMS, MALTESE, READING, SETS, SWITCHED, parts, require_reading
from isogloss.notebook.kind import KINDS, Ground
from isogloss.notebook.kinds import align, drift, neighbors, pairs, scripts
from isogloss.notebook.view import View
from isogloss.rewriting.given import items, maltese, switched
from isogloss.rewriting.given.demos import DEMOS
from isogloss.rewriting.profile import PROFILES
from isogloss.rewriting.switching.variants import FORMATS, ORDERS
from isogloss.separation.removal import REMOVALS

_TASK = {"words": "lists", "pivot": "x y", "item": "a", "source": "x/a", "target": "y/b", "anchors": "none"}
GROUND = Ground("un-debates", ("a", "-b", "c d"), {"a": "0"}, True, True)


@pytest.mark.parametrize("name", list(READING))
def test_its_options_are_those_of_the_command(name: str) -> None:
    assert type(COMMANDS[name]).__module__.split(".")[2] == "answers" or name in (
        "align",
        "pairs",
        "switch",
        "etymology",
        "consistency",
        "atlas",
    )
    parser = argparse.ArgumentParser(allow_abbrev=False)
    COMMANDS[name].arguments(parser)
    flags = {option: one for one in parser._actions for option in one.option_strings}
    for key, pattern in READING[name].options.items():
        assert f"--{key}" in flags
        assert (flags[f"--{key}"].nargs == 0) == (pattern is FLAG)
    given = sum(one.nargs not in ("*", "+", "?") for one in parser._actions if not one.option_strings)
    assert given <= len(READING[name].given)
    assert not {"workspace", "store", "save", "into", "live"} & set(READING[name].options)


@pytest.mark.parametrize("name", list(KINDS))
def test_a_kind_of_view_has_a_command_that_may_be_held(name: str) -> None:
    kind = KINDS[name]
    assert kind.page in lenses()
    addresses = [
        {"item": "peace", "source": "x/a", "target": "y/b", "anchors": "identical strings"},
        {"item": "-x + y", "source": "x/a", "target": "y/b", "train-from": "en", "train-to": "fr", "seed": "7"},
        {"item": "a", "k": "no", "measure": "x", "stage": "-b", "removal": "lsar", "rank-lsar": "2", "by": "language"}
        | {"source": "x/a", "target": "y/b", "anchors": "none", "methods": "Self-learning", "spectral": "true"},
        *({**_TASK, "task": task} for task in pairs.TASKS),
    ]
    for address, aligned in product(addresses, (True, False)):
        view = View.of(kind.page, address)
        command = kind.command(view, Ground(**{**vars(GROUND), "aligned": aligned}))
        require_reading(command)
        told = _parser(command[0]).parse_args(list(command))
        assert told.json
        for what, other in kind.variations(command, {}):
            assert what
            require_reading(other)
            assert parts(other)[0] == parts(command)[0]
            _parser(other[0]).parse_args(list(other))
    assert kind.title(View(kind.page))
    assert kind.stands.__doc__


def test_what_is_varied_is_what_there_is() -> None:
    assert tuple(MEASURES.names) == drift.MEASURES
    assert [one.name for one in usable(False)] == [one for one in drift.MEASURES if one != drift.ALIGNED]
    assert tuple(lookup_criteria()) == neighbors.CRITERIA
    assert set(REMOVALS.names) == set(scripts.REMOVALS)
    assert tuple(RETRIEVALS) == align.RETRIEVALS
    assert PROFILES.names == pairs.PROFILES
    assert all(SETS.fullmatch(name) for name in DEMOS)
    assert set(pairs.TASKS) == set(TASKS)
    assert (pairs.ORDERS, pairs.FORMS) == (ORDERS, FORMATS)
    assert (SWITCHED.pattern, MALTESE.pattern, ITEMS.pattern) == (switched.NAME, maltese.NAME, items.NAME)
    assert {METHODS[name].title: name for name in METHODS} == align.TITLES
    keys = {**{key: key for key in align._PARAMETERS}, **align._SET}
    assert keys == {str(one.field.metadata["key"] or name): name for name, one in declared().items()}

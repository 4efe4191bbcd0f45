"""The commands that a case may hold: those that answer, with arguments that name no file and no workspace.

A case from a file is hostile until its command was held against this table; `tests/contracts/test_kinds.py` holds the
table against the commands that there are.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from isogloss.errors import InvalidValue

MOST_ARGUMENTS, LONGEST = 40, 12_000
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # of a collection
WORD = re.compile(r"[a-z][a-z-]{0,39}")  # one of the choices of an option
WHOLE = re.compile(r"\d{1,7}")
SEED = re.compile(r"\d{1,10}")
SHARE = re.compile(r"0?\.\d{1,9}|0|1")
TEXT = re.compile(r".*", re.DOTALL)  # a word, or the name of a space
SPACE = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}/.+", re.DOTALL)  # of a collection
ANCHORS = re.compile(r"identical|unsupervised|lexicon:[\w-]{1,20}:[\w-]{1,20}")
STEPS = re.compile(r"[a-z]{0,12}(,[a-z]{1,12}){0,5}")
SET = re.compile(r"[a-z_]{1,30}=[\w.+-]{1,30}")
SWITCHED, MALTESE, ITEMS = (re.compile(one) for one in ("switched", "maltese", "items"))  # the same
SHIPPED = re.compile("shipped")  # the encoder that comes with it
CATALOGUES = re.compile(r"multilingual-llm|alignment-with-people")  # of papers, that need no file
SETS = re.compile(r"instructions|marked")  # pairs that need no file
FLAG = None


@dataclass(frozen=True)
class Reading:
    """given: what each argument without a name must be; the last stands for all further ones, up to `most`. options:
    name → what its value must be, FLAG for none. needs: flags that must be there.
    """

    given: tuple[re.Pattern[str], ...]
    options: Mapping[str, re.Pattern[str] | None]
    least: int
    most: int
    needs: tuple[str, ...] = ()


_GROUPS: dict[str, re.Pattern[str] | None] = {"space": TEXT, "by": WORD}
READING: dict[str, Reading] = {
    "neighbors": Reading((NAME, TEXT), {"space": TEXT, "in": TEXT, "k": WHOLE, "criterion": WORD}, 2, 2),
    "analogy": Reading((NAME, TEXT), {"space": TEXT, "k": WHOLE, "criterion": WORD}, 2, 2),
    "variants": Reading((NAME, TEXT), {"space": TEXT, "limit": WHOLE}, 2, 2),
    "concordance": Reading((NAME, TEXT), {"space": TEXT, "limit": WHOLE}, 2, 2),
    "map": Reading((NAME, TEXT), {"space": TEXT, "layout": WORD, "dimensions": WHOLE, "whole": FLAG}, 1, 7),
    "drift": Reading(
        (NAME,),
        {
            **{"source": TEXT, "target": TEXT, "item": TEXT, "measure": WORD, "k": WHOLE, "min-count": WHOLE},
            **{"top": WHOLE, "panel": FLAG, "in-order": FLAG},
        },
        1,
        1,
    ),
    "scripts": Reading((NAME,), _GROUPS | {"remove": WORD, "rank": WHOLE, "seed": SEED}, 1, 1),
    "angles": Reading((NAME,), _GROUPS, 1, 1),
    "switch": Reading((SWITCHED,), {"order": WORD, "format": WORD, "model": SHIPPED, "seed": SEED}, 1, 1),
    "etymology": Reading((MALTESE,), {"points": WORD, "only": WORD, "seed": SEED}, 1, 1),
    "consistency": Reading((ITEMS,), {"pivot": WORD, "seed": SEED}, 1, 1),
    "atlas": Reading((CATALOGUES,), {"k": WHOLE, "depth": WHOLE, "most": WHOLE, "seed": SEED}, 0, 2),
    "pairs": Reading((SETS,), {"profile": WORD, "by": WORD, "seed": SEED}, 1, 1),
    "align": Reading(
        (SPACE, SPACE),
        {
            **{"train": ANCHORS, "test": ANCHORS, "share": SHARE, "method": WORD, "retrieval": WORD, "limit": WHOLE},
            **{"normalize": STEPS, "seed": SEED, "set": SET, "case": WORD, "script-filter": FLAG, "leave-out": FLAG},
            **{"no-files": FLAG, "word": TEXT},
        },
        2,
        2,
        ("no-files",),
    ),
}


def spelt(command: str, given: Sequence[str], **options: object) -> tuple[str, ...]:
    """The arguments of a command that answers in JSON.

    An option that is None or False is left out, True is the option alone, a list the option once for each value.
    `--json` stands last, but where a word begins with a hyphen: then all words stand after `--`.

    >>> spelt("neighbors", ["un-debates", "peace"], k=5)
    ('neighbors', 'un-debates', 'peace', '--k=5', '--json')
    >>> spelt("neighbors", ["un-debates", "-ism"])
    ('neighbors', '--json', '--', 'un-debates', '-ism')
    """
    told: list[str] = []
    for key, value in options.items():
        option = f"--{key.rstrip('_').replace('_', '-')}"
        if value is True:
            told.append(option)
        elif value is not None and value is not False:
            told += [f"{option}={one}" for one in (value if isinstance(value, list | tuple) else [value])]
    if any(one.startswith("-") for one in given):
        return (command, *told, "--json", "--", *given)
    return (command, *given, *told, "--json")


def command_line(command: Sequence[str]) -> str:
    """A command to paste into a shell; empty for none.

    >>> command_line(["neighbors", "un-debates", "a b", "--json"])
    "python -m isogloss neighbors un-debates 'a b' --json"
    """
    return shlex.join(("python", "-m", "isogloss", *command)) if command else ""


def require_reading(command: Sequence[str]) -> None:
    """Raises InvalidValue unless a command only answers, as `spelt` writes it.

    >>> require_reading(["serve"])
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: the case asks for the command 'serve': cases hold those that answer
    """
    name = command[0] if command else ""
    if len(command) > MOST_ARGUMENTS or any(len(one) > LONGEST for one in command):
        raise InvalidValue(f"the command {name[:40]!r} has too many or too long arguments", "keep the view again")
    if name not in READING:
        raise InvalidValue(f"the case asks for the command {name[:40]!r}", "cases hold those that answer")
    reading, (given, options) = READING[name], parts(command)
    if "--json" not in options:
        raise InvalidValue(f"the command {name} does not answer in JSON", "add --json")
    if not reading.least <= len(given) <= reading.most:
        raise InvalidValue(f"{name} was given {len(given)} words", f"give {reading.least} to {reading.most}")
    for at, one in enumerate(given):
        if not reading.given[min(at, len(reading.given) - 1)].fullmatch(one):
            raise InvalidValue(f"{name} was given {one[:60]!r}", "give a collection at hand, and its words")
    for option in options:
        key, between, value = option.removeprefix("--").partition("=")
        pattern = reading.options.get(key, _NO)
        if option != "--json" and (pattern is _NO or bool(between) != (pattern is not FLAG)):
            raise InvalidValue(f"{name} was given {option[:60]!r}", "a case holds no such option")
        if pattern is not FLAG and pattern is not _NO and not pattern.fullmatch(value):
            raise InvalidValue(f"{name} was given {option[:60]!r}", "a case holds names, words and numbers there")
    if lacks := [f"--{one}" for one in reading.needs if f"--{one}" not in options]:
        raise InvalidValue(f"{name} may read files", f"add {' '.join(lacks)}")


def parts(command: Sequence[str]) -> tuple[list[str], list[str]]:
    """What a command is given, and its options, each as one argument.

    >>> parts(["neighbors", "un-debates", "peace", "--k=5", "--json"])
    (['un-debates', 'peace'], ['--k=5', '--json'])
    """
    rest = list(command[1:])
    before, after = (rest[: rest.index("--")], rest[rest.index("--") + 1 :]) if "--" in rest else (rest, [])
    options = [one for one in before if one.startswith("-")]
    return [one for one in before if not one.startswith("-")] + after, options


def options_of(command: Sequence[str]) -> dict[str, str]:
    """Name → value of the options, the last of each; flags are empty."""
    return {key: value for key, _, value in (one.removeprefix("--").partition("=") for one in parts(command)[1])}


def changed(command: Sequence[str], **options: object) -> tuple[str, ...]:
    """The command with other values of some options; None takes an option out, True gives a flag.

    >>> changed(("drift", "x", "--source=a", "--k=25", "--json"), k=12)
    ('drift', 'x', '--source=a', '--k=12', '--json')
    """
    given, told = parts(command)
    keys = {key.replace("_", "-") for key in options}
    kept = [one for one in told if one != "--json" and one.removeprefix("--").partition("=")[0] not in keys]
    more = spelt(command[0], given, **options)
    rest = [one for one in parts(more)[1] if one != "--json"]
    if "--" in more:
        return (command[0], *kept, *rest, "--json", "--", *given)
    return (command[0], *given, *kept, *rest, "--json")


_NO = re.compile("(?!)")

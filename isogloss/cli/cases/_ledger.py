"""What the actions of `isogloss cases` share."""

from __future__ import annotations

import argparse
from typing import Any

from isogloss.cli.command import workspace_of
from isogloss.notebook.case import HOWS, Case
from isogloss.notebook.ledger import FILE, SORTS, Ledger, Wanted
from isogloss.workspace.access import require_writable


def ledger_of(options: argparse.Namespace, *, write: bool = False) -> Ledger:
    """The notebook of the workspace. Raises InvalidValue where it is to be written on a server that is read-only."""
    if write:
        require_writable()
    return Ledger(workspace_of(options).root / FILE)


def add_wanted(parser: argparse.ArgumentParser) -> None:
    """Which cases."""
    parser.add_argument("--tag", default="", help="those with this tag")
    parser.add_argument("--page", default="", help="those of this page")
    parser.add_argument("--word", default="", help="those about this word")
    parser.add_argument("--text", default="", help="those that hold these words, in title, comment, tags or neighbors")
    parser.add_argument("--how", choices=HOWS, default="", help="those that came in so")
    parser.add_argument("--sort", choices=tuple(SORTS), default="newest")


def wanted_of(options: argparse.Namespace) -> Wanted:
    return Wanted(options.tag, options.page, options.word, options.text, options.how)


def chosen(options: argparse.Namespace) -> list[Case]:
    """The cases named, or else those that are wanted."""
    ledger = ledger_of(options)
    if options.ids:
        return [ledger.get(id) for id in options.ids]
    return ledger.cases(wanted_of(options), sort=options.sort)


def line(case: Case) -> str:
    """One case on one line."""
    told: list[Any] = [case.id[:8], case.created[:10], f"{case.view.page:10}", case.title or "untitled"]
    if case.tags:
        told.append(f"[{', '.join(case.tags)}]")
    return " ".join(" ".join(map(str, told)).split())

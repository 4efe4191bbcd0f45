"""The docs site: docs/site, and what is made from the code: gallery, command line, library.

scripts/docs            # into .build/site; no network, neither now nor when it is read
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

from isogloss.cli.command import COMMANDS
from isogloss.cli.main import _parser
from isogloss.notebook.commands import command_line
from isogloss.notebook.kind import ground_of, kind_of
from isogloss.notebook.view import View
from isogloss.places import ROOT
from isogloss.separation.concepts import ensure_made
from isogloss.workspace.store import Workspace

SOURCE, MADE, SITE = ROOT / "docs" / "site", ROOT / ".build" / "docs", ROOT / ".build" / "site"
SERVER = "http://127.0.0.1:8501"  # where `isogloss demo` serves
_MODULES = (
    ("Opened, asked, saved", "isogloss.library"),
    ("A space", "isogloss.spaces.space"),
    ("A collection", "isogloss.spaces.collection"),
    ("Neighbors", "isogloss.nearest.neighbors"),
    ("Drift", "isogloss.drift.ranking"),
    ("A verdict", "isogloss.drift.verdict"),
    ("Alignment", "isogloss.alignment.fit"),
    ("Separation", "isogloss.separation.report"),
    ("A figure", "isogloss.figure"),
    ("Errors", "isogloss.errors"),
)


def cards() -> list[dict[str, str]]:
    """Title, text, link and page of each card of the gallery."""
    told = tomllib.loads((SOURCE / "gallery.toml").read_text(encoding="utf-8"))
    return list(told["card"])


def command_of(link: str, workspace: Workspace) -> tuple[str, ...]:
    """The command that prints what a card's page shows. Raises IsoglossError."""
    view = View.of_link(link)
    kind = kind_of(view.page)
    ensure_made(workspace, view.get("collection"))
    return kind.command(view, ground_of(workspace, view, kind.opens) if kind.grounded else None)


def gallery(workspace: Workspace) -> str:
    told = [
        "# Gallery",
        "",
        "Start `isogloss demo`; each card is a link into it, and a command that prints the same.",
        "",
    ]
    for card in cards():
        command = command_line(command_of(card["link"], workspace))
        told += [f"## {card['title']}", "", card["text"], "", f"[Open it]({SERVER}{card['link']})", ""]
        told += [f"    {command}", ""]
    return "\n".join(told)


def command_reference() -> str:
    """Every command with its help, as the parsers have it."""
    os.environ["COLUMNS"] = "100"
    parser = _parser("")
    (commands,) = (one for one in parser._actions if isinstance(one, argparse._SubParsersAction))
    told = ["# Command line", "", "Made from the parsers. Errors are one line on stderr and exit code 2.", ""]
    for name in COMMANDS.names:
        told += [f"## {name}", "", COMMANDS[name].help.replace("<", "&lt;") + ".", ""]
        told += ["```text", commands.choices[name].format_help().rstrip(), "```", ""]
    return "\n".join(told)


def library_reference() -> str:
    told = ["# Library", "", "`import isogloss as iso` has what stands first here. Made from the docstrings.", ""]
    for title, module in _MODULES:
        told += [f"## {title}", "", f"::: {module}", ""]
    return "\n".join(told)


def prepare(workspace: Workspace) -> Path:
    """Sources and made pages in one folder."""
    shutil.rmtree(MADE, ignore_errors=True)
    shutil.copytree(SOURCE, MADE, ignore=shutil.ignore_patterns("*.toml"))
    (MADE / "gallery.md").write_text(gallery(workspace), encoding="utf-8")
    reference = MADE / "reference"
    reference.mkdir()
    (reference / "commands.md").write_text(command_reference(), encoding="utf-8")
    (reference / "library.md").write_text(library_reference(), encoding="utf-8")
    return MADE


def build(workspace: Workspace, folder: Path = SITE) -> Path:
    """The site in a folder. Raises whatever mkdocs finds wrong; warnings are errors."""
    from mkdocs.commands.build import build as built
    from mkdocs.config import load_config

    prepare(workspace)
    more: dict[str, Any] = {"site_dir": str(folder), "strict": True}
    config = load_config(str(ROOT / "mkdocs.yml"), **more)
    built(config)
    return folder


if __name__ == "__main__":
    print(build(Workspace(ROOT / ".build" / "home"), Path(sys.argv[1]) if len(sys.argv) > 1 else SITE))

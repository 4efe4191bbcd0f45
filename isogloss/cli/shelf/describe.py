"""isogloss describe."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from isogloss.cli.command import Command, Report, workspace_of
from isogloss.separation.concepts import ensure_made
from isogloss.workspace.access import require_writable
from isogloss.workspace.card import Card, card_of, read_facts
from isogloss.workspace.catalogue import Catalogue
from isogloss.workspace.store import read_header


class Describe(Command):
    help = "give a collection its title, a description and its facts; with --json, say whether its card is complete"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("collection")
        parser.add_argument("--title", help="default: as it is")
        parser.add_argument("--description", help="default: as it is")
        parser.add_argument(
            "--fact",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="language (BCP 47), script (ISO 15924), period (years), source, licence, tokens, seed; several times"
            " for several",
        )
        parser.add_argument("--space", metavar="S", help="the facts are those of this space (default: of all)")

    def run(self, options: argparse.Namespace) -> Report | None:
        workspace = workspace_of(options)
        catalogue = Catalogue(workspace)
        title, description = options.title, options.description
        facts = read_facts(options.fact)
        if not (options.json and title is None and description is None and not facts):
            require_writable()
            if None in (title, description) and options.collection in catalogue.own():
                header = read_header(catalogue.workspace.folders()[options.collection])
                title = header["title"] if title is None else title
                description = str(header["metadata"].get("description", "")) if description is None else description
            catalogue.describe(
                options.collection, title or "", description or "", facts=facts, space=options.space or ""
            )
        if not (options.json or facts):
            return None
        ensure_made(workspace, options.collection)
        header = read_header(workspace.folder(options.collection))
        card = card_of(header)
        value: dict[str, Any] = {
            "name": header["name"],
            "title": header["title"],
            "complete": card.complete,
            "missing": list(card.missing),
            "spaces": [{"name": name, **facts} for name, facts in card.facts.items()],
        }
        return Report(value, _lines(card))


def _lines(card: Card) -> Iterator[str]:
    yield "complete" if card.complete else f"not complete: it lacks {'; '.join(card.missing)}"
    for name, facts in card.facts.items():
        yield f"{name}: " + ", ".join(f"{key} {value}" for key, value in facts.items())


member = Describe()

"""What the actions of `isogloss vocabulary` share."""

from __future__ import annotations

import argparse
from pathlib import Path

from isogloss.sentences.sets import SETS, parallel_of
from isogloss.text.tally import Tally
from isogloss.vocabulary.texts import Groups, chosen, grouped_texts

MODEL = "a stage of the shipped encoder (before, transliterated, translated), a folder, a name, or a tokenizer.json"


def add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help=MODEL)


def add_texts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", metavar="TEXTS", help="lines, a table, or a set (sentences, phrases)")
    parser.add_argument("--column", metavar="C", help="of the texts (default: text)")
    parser.add_argument("--by", metavar="COLUMN", help="groups of the texts, such as their language (default: script)")
    parser.add_argument("--languages", default="", metavar="L,L", help="only these groups")


def texts_of(options: argparse.Namespace) -> tuple[Groups, Tally]:
    """The texts by group: of a set by language. Raises InvalidValue, NotFound."""
    names = [one.strip() for one in options.languages.split(",") if one.strip()]
    if options.texts in SETS and not Path(options.texts).exists():
        found = parallel_of([options.texts])
        groups = {one: [text for text in found.texts[one] if text] for one in found.languages}
        return chosen(groups, [found.find(one) for one in names]), found.read
    made, tally = grouped_texts(Path(options.texts), options.column, by=options.by)
    return chosen(made, names), tally

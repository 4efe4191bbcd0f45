"""isogloss switch."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.cli.command import SEEDS, Command, Report, whole
from isogloss.cli.figures import told
from isogloss.cli.progress import Shared
from isogloss.cli.rewriting._told import add_encoder, encoding, said
from isogloss.encoders.texts import take_texts
from isogloss.errors import InvalidValue
from isogloss.rewriting.given.switched import NAME, NOTE, given_entities, given_sentences
from isogloss.rewriting.switching.effect import Switched, effects
from isogloss.rewriting.switching.entities import read_entities, sentence
from isogloss.rewriting.switching.variants import FORMATS, ORDERS, Switching, variants
from isogloss.text.script import script_title
from isogloss.text.tally import Tally


class Switch(Command):
    help = "put the entities of sentences into other languages: those that all entities of a sentence have"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help=f"a sentence a line or a table; entities tagged [[…]] or <E>…</E>, or found; or the set {NAME}",
        )
        parser.add_argument("--column", metavar="C", help="of a table: the texts (default: text)")
        parser.add_argument(
            "--entities", metavar="TABLE", help="a column entity and one for each language, or entity, language, label"
        )
        parser.add_argument("--languages", default="", metavar="L,L", help="default: all of the table")
        parser.add_argument(
            "--order", choices=ORDERS, default="all", help="english-first: only entities of a sentence's second half"
        )
        parser.add_argument("--format", choices=FORMATS, default="tags", help="<de>…</de> around them, or nothing")
        parser.add_argument("--most", type=whole(1), metavar="N", help="languages a sentence, drawn (default: all)")
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, metavar="S")
        add_encoder(parser, "how far switching moves a sentence, and whether it still finds its original")

    def run(self, options: argparse.Namespace) -> Report:
        given = str(options.file) == NAME and not options.file.exists()
        if given:
            texts, read = list(given_sentences()), Tally(read=len(given_sentences()))
        else:
            found = take_texts(options.file, options.column)
            texts, read = found.texts, found.read
        if options.entities is None and not given:
            raise InvalidValue("no table of entities was named", "give --entities TABLE")
        entities = given_entities() if options.entities is None else read_entities(Path(options.entities))
        how = Switching(
            entities.find(one for one in options.languages.split(",") if one),
            options.order,
            options.format,
            options.most,
            options.seed,
        )
        sentences = [sentence(text, entities) for text in texts]
        made, tally = variants(sentences, entities, how)
        model, encode = encoding(options, Shared()) if options.model is not None else (None, None)
        languages = effects(sentences, made, encode=encode, seed=options.seed)
        value: dict[str, Any] = {
            "n": len(sentences),
            "variants": len(made),
            "order": how.order,
            "format": how.format,
            "model": model,
            "languages": [
                {"language": one.language, "script": one.script, "variants": one.variants}
                | {name: told(figure) for name, figure in one.figures.items()}
                for one in languages
            ],
            "rows": [
                {
                    "row": one.row + 1,
                    "language": one.language,
                    "text": one.text,
                    "source": sentences[one.row].plain,
                    "entities": [sentences[one.row].plain[start:end] for start, end in one.spans],
                }
                for one in made
            ],
            "read": read.as_json(),
            "switched": tally.as_json(),
            "entities": entities.read.as_json(),
        }
        if given:
            value["note"] = NOTE
        return Report(value, _lines(value, languages, tally))


def _lines(value: dict[str, Any], languages: list[Switched], tally: Tally) -> Iterator[str]:
    for row in value["rows"]:
        yield row["text"]
    yield f"{value['variants']:,} variants; sentences: {tally.sentence()}"
    for one in languages:
        figures = ", ".join(f"{name.replace('_', ' ')} {said(figure)}" for name, figure in one.figures.items())
        yield f"{one.language:8} {script_title(one.script):12} {one.variants:,} variants; {figures}"
    if "note" in value:
        yield value["note"]


member = Switch()

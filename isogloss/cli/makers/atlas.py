"""isogloss atlas."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.atlas.markdown import take_catalogue
from isogloss.atlas.sections import MOST_K, K
from isogloss.atlas.shipped import shipped_catalogue, shipped_names
from isogloss.atlas.survey import DEPTH, Survey, survey
from isogloss.atlas.told import as_json
from isogloss.cli.command import SEEDS, Command, Report, whole, workspace_of
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared
from isogloss.encoders.encoder import open_encoder
from isogloss.workspace.access import require_writable
from isogloss.workspace.additions import with_spaces
from isogloss.workspace.store import check_name


class Atlas(Command):
    help = "whether the sections of lists of papers hold together, what seems misfiled, and what one lacks of another"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE.md",
            help=f"lists in Markdown, or {', '.join(shipped_names())} (default: these)",
        )
        parser.add_argument("--k", type=whole(1, MOST_K), default=K, help="neighbors (default: %(default)s)")
        parser.add_argument(
            "--depth", type=whole(0, 6), default=DEPTH, help="headings of a section, 0 for all (default: %(default)s)"
        )
        parser.add_argument("--most", type=whole(0, 5_000), default=20, metavar="N", help="of each list of candidates")
        parser.add_argument(
            "--model", metavar="M", default="", help="a stage of the shipped encoder, a folder or a name"
        )
        parser.add_argument("--seed", type=whole(*SEEDS), default=0, help="of the null and the intervals")
        parser.add_argument("--into", metavar="COLLECTION", help="keep the titles as a collection")

    def run(self, options: argparse.Namespace) -> Report:
        if options.into:
            require_writable()
            check_name(options.into)
        workspace, shipped = workspace_of(options), shipped_names()
        catalogues = [
            shipped_catalogue(one) if one in shipped else take_catalogue(Path(one)) for one in options.files or shipped
        ]
        found = survey(
            catalogues,
            open_encoder(options.model),
            workspace.derived("encoded"),
            k=options.k,
            depth=options.depth,
            seed=options.seed,
            progress=Shared(),
        )
        value = as_json(found, in_full, most=options.most)
        if options.into:
            workspace.save(with_spaces(workspace, options.into, [found.space]))
            value["collection"] = options.into
        return Report(value, _lines(found, value, options.most))


def _lines(found: Survey, value: dict[str, Any], most: int) -> Iterator[str]:
    yield f"{found.said}."
    for one in found.catalogues:
        yield f"{one.name}: {len(one.sections):,} sections; {one.read.sentence()}"
    for section in found.purity.sections:
        told = repr(section.purity) if section.purity.known else "too small to tell"
        yield f"    {'*' if section.holds else ' '} {section.name}: {told}"
    for at in found.purity.misfiled[:most]:
        near = f"{at.near} of {found.purity.k} near"
        yield f"misfiled? {at.title} ({at.section} → {at.other}, margin {at.margin:.2f}, {near})"
    for lack in found.across.missing[:most]:
        yield f"missing? {lack.title} ({lack.lacks}, margin {lack.margin:.2f}, near {lack.nearest})"
    if "collection" in value:
        yield f"kept as the collection {value['collection']}"


member = Atlas()

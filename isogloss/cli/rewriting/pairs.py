"""isogloss pairs."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from isogloss.cli.command import Command, Report, whole, workspace_of
from isogloss.cli.figures import in_full
from isogloss.cli.progress import Shared
from isogloss.encoders.encoder import open_encoder
from isogloss.errors import InvalidValue, StoreError, reason_of
from isogloss.figure import Figure
from isogloss.rewriting.chosen import dropped_by, failure_as_json, kinds_of, reasons_csv
from isogloss.rewriting.file import FORMATS, PairsFile, goes_with, read_pairs, without
from isogloss.rewriting.given.demos import DEMOS
from isogloss.rewriting.profile import PROFILES, Checked
from isogloss.rewriting.space_of import collection_of
from isogloss.workspace.access import require_writable
from isogloss.workspace.store import check_name

_SHOWN = 20


class PairsCommand(Command):
    help = "texts and what was made of them: what must be kept is kept, and what went wrong where"

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "file",
            type=Path,
            metavar="FILE",
            help=f"a table, messages, TMX, PO, XLIFF; or one side of two files; without one: {', '.join(DEMOS)}",
        )
        parser.add_argument(
            "file2", type=Path, nargs="?", metavar="FILE2", help="the target's file, where it is another"
        )
        parser.add_argument("--target-file", type=Path, metavar="FILE", help="the same")
        parser.add_argument("--source", default="", metavar="A", help="a column, or a language of a TMX")
        parser.add_argument("--target", default="", metavar="B", help="likewise (default: where there is no doubt)")
        parser.add_argument("--profile", default="protected", metavar="P", help=f"{', '.join(PROFILES.names)}")
        parser.add_argument("--by", metavar="COLUMN", help="the same figures by its values")
        parser.add_argument("--model", default="", metavar="M", help="of profiles that encode: shipped, folder or name")
        parser.add_argument("--seed", type=whole(0, 2**32 - 1), default=0, metavar="N", help="of intervals and nulls")
        parser.add_argument(
            "--without", default="", metavar="KIND,KIND", help="drop pairs with such failures (any: all)"
        )
        parser.add_argument(
            "--out", type=Path, metavar="FILE", help="where what is left goes, in the format it came in"
        )

        parser.add_argument("--into", metavar="COLLECTION", help="both sides as spaces of a collection, encoded by M")

    def run(self, options: argparse.Namespace) -> Report:
        if options.into:
            require_writable()
            check_name(options.into)
        if options.without and options.out is None:
            raise InvalidValue("--without names what to drop", "name the file to write with --out")
        if options.out is not None and not options.without:
            raise InvalidValue("--out names a file", "name what to drop with --without (kinds, or any)")
        profile = PROFILES[options.profile]
        other = options.target_file or options.file2
        if str(options.file) in DEMOS and other is None and not options.file.exists():
            pairs, file = DEMOS[str(options.file)](), None
        else:
            file = read_pairs([options.file, *([other] if other else [])], source=options.source, target=options.target)
            pairs = file.pairs
        report = Shared()
        encoder = open_encoder(options.model) if profile.encodes or options.into else None
        checked = profile.check(
            pairs,
            by=options.by,
            encoder=encoder if profile.encodes else None,
            seed=options.seed,
            progress=report,
        )
        value = {
            "n": len(pairs),
            "profile": profile.name,
            "said": checked.said,
            "figures": _figures(checked.figures),
            "by": {group: _figures(figures) for group, figures in checked.by.items()},
            "failures": [failure_as_json(pairs, one) for one in checked.failures],
            "format": file.kind if file else "demo",
            "rows": FORMATS[file.kind].rows if file else "pairs",
            "read": pairs.read.as_json() | ({"recognised": dict(file.told)} if file and file.told else {}),
        }
        if options.out is not None:
            value["written"] = _write(options, file, checked)
        if options.into and encoder is not None:
            made = collection_of(pairs, options.into, encoder=encoder, checked=checked, progress=report)
            workspace_of(options).save(made)
            value["collection"] = options.into
        return Report(value, _lines(value, checked, pairs.read.sentence()))


def _figures(found: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: _figure(one) for name, one in found.items()}


def _figure(one: Figure) -> dict[str, Any]:
    return in_full(one) | ({} if one.known else {"why": one.how})


def _write(options: argparse.Namespace, file: PairsFile | None, checked: Checked) -> dict[str, Any]:
    """What is left, beside it the reasons (`.dropped.csv`) and, of two files, the source's (`.source`)."""
    if file is None:
        raise InvalidValue("the demo is no file", "give one")
    dropped = dropped_by(checked.failures, [one.strip() for one in options.without.split(",") if one.strip()])
    out: Path = options.out
    gone = goes_with(file, dropped)
    written = {"dropped": len(gone), "left": len(file.pairs) - len(gone), "files": []}
    parts = without(file, dropped)
    main = "pairs" if "pairs" in parts else "target"
    names = {main: out, "source": out.with_name(f"{out.name}.source")}
    reasons = out.with_name(f"{out.name}.dropped.csv")
    try:
        for side, data in parts.items():
            names[side].write_bytes(data)
            written["files"].append(str(names[side]))  # type: ignore[attr-defined]
        reasons.write_bytes(reasons_csv(file.pairs, dropped))
    except OSError as error:
        raise StoreError(f"{out.name} cannot be written ({reason_of(error)})", "name another place") from error
    return written | {"reasons": str(reasons)}


def _lines(value: dict[str, Any], checked: Checked, read: str) -> Iterator[str]:
    yield checked.said
    yield f"{value['n']:,} pairs ({value['format']}): {read}"
    for name, one in value["figures"].items():
        if one["value"] is None:
            if checked.figures[name].how.startswith("not known"):
                yield f"{name}: {checked.figures[name].how}"
            continue
        within = f" ({one['low']:.3f} to {one['high']:.3f})" if one["low"] is not None else ""
        chance = (
            f", 95% of chance below {one['null']['p95']:.3f}" if one["null"] and one["null"]["p95"] is not None else ""
        )
        yield f"{name}: {one['value']:.3f}{within}, n = {one['n']:,}{chance}"
    for group, figures in value["by"].items():
        told = ", ".join(
            f"{name} {one['value']:.3f}" for name, one in list(figures.items())[:4] if one["value"] is not None
        )
        yield f"{group}: {told}"
    if kinds := kinds_of(checked.failures):
        yield "failures: " + ", ".join(f"{kind} {n:,}" for kind, n in kinds.items())
    for one in value["failures"][:_SHOWN]:
        yield f"row {one['row']:,}: {one['kind'].replace('_', ' ')}, {one['what']}: {one['span'][:80]!r}"
    if (more := len(value["failures"]) - _SHOWN) > 0:
        yield f"… and {more:,} more (--json names all)"
    if written := value.get("written"):
        yield f"written: {written['left']:,} pairs left, {written['dropped']:,} dropped"
        yield f"reasons: {written['reasons']}"


member = PairsCommand()

"""What coders gave: their files taken in, compared, decided where they differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isogloss.errors import InvalidValue
from isogloss.notebook.coding.agreement import Agreement, agreement
from isogloss.notebook.coding.taxonomy import Change, Code, Taxonomy
from isogloss.outside.looking import look
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded
from isogloss.text.nested import read_json
from isogloss.text.tally import Tally

FORMAT = 1
_MOST_BYTES = 64 << 20
_SAVED = "give the JSON that a sheet saves"


@dataclass(frozen=True)
class Coded:
    """codes, notes: by the ids of cases; a case without a code is in `tally`, and not in `codes`."""

    coder: str
    draw: str
    taxonomy: Taxonomy
    codes: dict[str, str]
    notes: dict[str, str] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class Apart:
    """A case on which two coders differ."""

    id: str
    a: str
    b: str
    note_a: str = ""
    note_b: str = ""


@dataclass(frozen=True)
class Compared:
    """agreement: n, the figures and the matrix. apart: cases to adjudicate. taxonomy: whose codes these are.
    codes_a, codes_b: in its words. again: codes, by coder, that were split since and do not count. told: what else is
    to be known.
    """

    agreement: Agreement
    apart: tuple[Apart, ...]
    taxonomy: Taxonomy
    codes_a: dict[str, str]
    codes_b: dict[str, str]
    again: dict[str, int]
    told: tuple[str, ...]


def coded_from(value: Any, name: str = "the file") -> Coded:
    """What a sheet saved, read from JSON. Raises InvalidValue for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("codes"), list):
        raise InvalidValue(f"{name} holds no codes", _SAVED)
    if value.get("format", FORMAT) != FORMAT:
        raise InvalidValue(f"{name} is of format {str(value['format'])[:20]!r}", f"this version reads format {FORMAT}")
    given, notes, tally = dict[str, str](), dict[str, str](), Tally()
    taxonomy = _taxonomy(value.get("taxonomy"))
    for i, one in enumerate(value["codes"], 1):
        if not isinstance(one, dict) or not isinstance(one.get("id"), str | int) or one["id"] in ("", True, False):
            tally.skip("entry_without_an_id", f"entry {i:,}")
            continue
        case, code = str(one["id"]), one.get("code")
        if code in (None, ""):
            tally.skip("case_without_a_code", case)
        elif not isinstance(code, str | int) or isinstance(code, bool):
            tally.skip("code_that_is_no_text", case)
        elif case in given:
            raise InvalidValue(f"{name} codes {case[:80]!r} twice", _SAVED)
        else:
            given[case] = str(code)
            tally.read += 1
        if isinstance(one.get("note"), str) and one["note"].strip():
            notes[case] = one["note"]
    return Coded(str(value.get("coder") or name)[:80], str(value.get("draw") or "")[:80], taxonomy, given, notes, tally)


def _taxonomy(value: Any) -> Taxonomy:
    return Taxonomy.default() if value is None or isinstance(value, str | int) else Taxonomy.from_json(value)


def read_coded(path: Path) -> Coded:
    """The file that a sheet saved. Raises NotFound, InvalidValue naming it."""
    try:
        value = read_json(decoded(read_bytes(path, most=_MOST_BYTES)).text)
    except ValueError as error:
        raise InvalidValue(f"{path.name} is no JSON ({' '.join(str(error).split())[:80]})", _SAVED) from error
    return coded_from(value, path.name)


def take_coded(path: Path) -> Coded:
    """`read_coded` in a process beside this one."""
    return look(read_coded, path, kinds=(Coded, Taxonomy, Change, Code, Tally))


def compared(a: Coded, b: Coded, *, seed: int = 0) -> Compared:
    """Two coders' codes in the words of the later taxonomy; a code of neither taxonomy stays what it is.

    What was merged counts as merged. What was split is to be decided again and counts as missing.
    """
    told = []
    if a.draw != b.draw:
        told.append(f"they are of two draws, {a.draw or 'unnamed'} and {b.draw or 'unnamed'}")
    taxonomy = a.taxonomy if a.taxonomy.continues(b.taxonomy) else b.taxonomy
    if not taxonomy.continues(a.taxonomy):
        told.append("neither taxonomy continues the other: codes are compared by their ids")
    (codes_a, again_a), (codes_b, again_b) = _today(a, taxonomy), _today(b, taxonomy)
    again = {one.coder: n for one, n in ((a, again_a), (b, again_b)) if n}
    told += [f"{n:,} codes of {coder} were split since, and are to be decided again" for coder, n in again.items()]
    stray = sorted((set(codes_a.values()) | set(codes_b.values())) - set(taxonomy.ids))
    if stray:
        told.append(f"no codes of the taxonomy, and counted as they are: {', '.join(stray)[:200]}")
    both = [case for case in codes_a if case in codes_b]
    apart = tuple(
        Apart(case, codes_a[case], codes_b[case], a.notes.get(case, ""), b.notes.get(case, ""))
        for case in both
        if codes_a[case] != codes_b[case]
    )
    return Compared(agreement(codes_a, codes_b, seed=seed), apart, taxonomy, codes_a, codes_b, again, tuple(told))


def _today(one: Coded, taxonomy: Taxonomy) -> tuple[dict[str, str], int]:
    carried = taxonomy.carry(one.codes)
    now = carried.codes | carried.unknown
    return {case: now[case] for case in one.codes if case in now}, len(carried.again)


def adjudicated(a: Coded, b: Coded, decided: Mapping[str, str]) -> dict[str, str]:
    """One code a case: what both gave, and what was decided where they differ or only one coded; undecided ones are
    left out.

    Raises InvalidValue for a decision about a case that nobody coded, or for what is no code.
    """
    found = compared(a, b)
    first, second = found.codes_a, found.codes_b
    known = {*a.codes, *b.codes}
    allowed = {*found.taxonomy.ids, *first.values(), *second.values()}
    for case, code in decided.items():
        if case not in known:
            raise InvalidValue(f"{case[:80]!r} was decided, and nobody coded it", "decide about cases of this draw")
        if code not in allowed:
            raise InvalidValue(
                f"{case[:80]!r} was decided to be {code[:80]!r}, which is no code",
                f"choose from {', '.join(found.taxonomy.ids)[:300]}",
            )
    agreed = {case: code for case, code in first.items() if second.get(case) == code}
    return agreed | dict(decided)

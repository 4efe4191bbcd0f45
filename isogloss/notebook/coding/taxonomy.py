"""A small taxonomy that can be edited: every change is kept, so that old codes still mean something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from isogloss.errors import InvalidValue, NotFound
from isogloss.text.matches import closest

FORMAT = 1
MOST_CODES, LONGEST = 100, 80  # codes at a time; letters of a name
_MOST_CHANGES = 10_000
Kind = Literal["add", "rename", "merge", "split"]
_STARTS = (
    ("real-change", "real change", "the word is used otherwise than before"),
    ("polysemy", "polysemy", "several meanings, whose shares differ"),
    ("frequency-artefact", "frequency artefact", "too few or too many uses to tell"),
    ("proper-name", "proper name", "a person, a place, a product"),
    ("alignment-error", "alignment error", "the spaces do not lie on each other here"),
    ("tokeniser", "tokeniser", "the word was cut or joined wrongly"),
    ("ocr", "OCR", "letters were misread"),
    ("script-leak", "script leak", "texts of another script or language"),
    ("hub", "hub", "near to everything"),
    ("near-synonym", "near-synonym", "a neighbor that would do as well"),
    ("other", "other", "none of these; say what in the note"),
)


@dataclass(frozen=True)
class Code:
    """id: never used for anything else again. name: for people. meaning: when it is given."""

    id: str
    name: str
    meaning: str = ""


@dataclass(frozen=True)
class Change:
    """kind: what was done. old: ids before. new: codes after."""

    kind: Kind
    old: tuple[str, ...]
    new: tuple[Code, ...]


@dataclass(frozen=True)
class Carried:
    """codes: by case, in the words of today. again: by case, the codes to choose from where a code was split; cases
    whose code this taxonomy never had are in `unknown`.
    """

    codes: dict[str, str]
    again: dict[str, tuple[str, ...]]
    unknown: dict[str, str]


@dataclass(frozen=True)
class Taxonomy:
    """first: the codes it began with. changes: all since, in order; its version is one more than their number.

    >>> one = Taxonomy.default().merge(["hub", "near-synonym"], "crowded")
    >>> one.version, one.forward("hub"), "hub" in one
    (2, ('crowded',), False)
    >>> two = one.split("crowded", ["hub", "synonym"])
    >>> two.forward("near-synonym")
    ('hub-2', 'synonym')
    """

    first: tuple[Code, ...]
    changes: tuple[Change, ...] = ()

    @classmethod
    def default(cls) -> Taxonomy:
        """Eleven kinds of finding."""
        return cls(tuple(Code(*one) for one in _STARTS))

    @property
    def version(self) -> int:
        return 1 + len(self.changes)

    @property
    def codes(self) -> tuple[Code, ...]:
        """Of today, in order; what a code became stands where it stood."""
        return self.at(self.version)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(code.id for code in self.codes)

    def __contains__(self, code: object) -> bool:
        return code in self.ids

    def __getitem__(self, code: str) -> Code:
        """By its id, else by its name. Raises NotFound, with the nearest names."""
        for one in self.codes:
            if one.id == code:
                return one
        for one in self.codes:
            if one.name.casefold() == code.strip().casefold():
                return one
        names = [one.name for one in self.codes]
        raise NotFound(f"there is no code {code[:LONGEST]!r}", closest(code[:LONGEST], names))

    def at(self, version: int) -> tuple[Code, ...]:
        """The codes of a version."""
        codes = list(self.first)
        for change in self.changes[: version - 1]:
            places = [i for i, code in enumerate(codes) if code.id in change.old]
            place = places[0] if places else len(codes)
            codes[place:place] = change.new
            codes = [code for i, code in enumerate(codes) if i - len(change.new) not in places or i < place]
        return tuple(codes)

    def add(self, name: str, meaning: str = "") -> Taxonomy:
        """A code more, at the end. Raises InvalidValue for a name that is taken, blank or too long."""
        return self._changed("add", (), [self._new(name, (), meaning)])

    def rename(self, code: str, name: str, meaning: str | None = None) -> Taxonomy:
        """The same code by another name; what was coded stays so. meaning: None keeps what it says."""
        one = self[code]
        new = self._new(name, (one.id,), one.meaning if meaning is None else meaning)
        return self._changed("rename", (one.id,), [replace(new, id=one.id)])

    def merge(self, codes: Sequence[str], name: str, meaning: str = "") -> Taxonomy:
        """One in place of several; what was coded as any of them is now that one."""
        old = tuple(dict.fromkeys(self[code].id for code in codes))
        if len(old) < 2:
            raise InvalidValue(f"{len(old)} code cannot be merged", "name two or more that differ")
        return self._changed("merge", old, [self._new(name, old, meaning)])

    def split(self, code: str, names: Sequence[str]) -> Taxonomy:
        """Several in place of one; what was coded as it is to be decided again."""
        old, new = self[code].id, list[Code]()
        if len(names) < 2:
            raise InvalidValue(f"a split into {len(names)} changes nothing", "name two codes or more; or rename it")
        for name in names:
            new.append(self._new(name, (old,), "", beside=new))
        return self._changed("split", (old,), new)

    def forward(self, code: str) -> tuple[str, ...]:
        """What a code of any version may be today: itself, what it was merged into, all that it was split into; empty
        for what was never a code.
        """
        if code not in self._ever():
            return ()
        found = [code]
        for change in self.changes:
            if change.kind in ("merge", "split"):
                ids = [one.id for one in change.new]
                found = list(dict.fromkeys(new for one in found for new in (ids if one in change.old else [one])))
        return tuple(found)

    def carry(self, codes: Mapping[str, str]) -> Carried:
        """Codes of cases, given at any version, in those of today."""
        carried = Carried({}, {}, {})
        for case, code in codes.items():
            now = self.forward(code)
            if len(now) == 1:
                carried.codes[case] = now[0]
            elif now:
                carried.again[case] = now
            else:
                carried.unknown[case] = code
        return carried

    def continues(self, other: Taxonomy) -> bool:
        """Whether it is a later version of the other, or the same."""
        return self.first == other.first and self.changes[: len(other.changes)] == other.changes

    def as_json(self) -> dict[str, Any]:
        """`codes` are those of today, for readers; `first` and `changes` are what is read again."""
        return {
            "format": FORMAT,
            "version": self.version,
            "codes": [vars(code) for code in self.codes],
            "first": [vars(code) for code in self.first],
            "changes": [
                {"kind": one.kind, "old": list(one.old), "new": [vars(code) for code in one.new]}
                for one in self.changes
            ],
        }

    @classmethod
    def from_json(cls, value: Any) -> Taxonomy:
        """What `as_json` gave. Raises InvalidValue for anything else."""
        try:
            if value["format"] != FORMAT:
                raise InvalidValue(
                    f"a taxonomy of format {str(value['format'])[:20]!r}", f"this version reads format {FORMAT}"
                )
            made = cls(tuple(map(_code, value["first"])))
            for one in value["changes"][:_MOST_CHANGES]:
                if one["kind"] not in get_args(Kind):
                    raise InvalidValue(f"a change of kind {str(one['kind'])[:20]!r}", "export the taxonomy again")
                made._require([*map(str, one["old"])])
                made = made._changed(one["kind"], tuple(map(str, one["old"])), list(map(_code, one["new"])))
            made._consistent()
        except (KeyError, TypeError, IndexError) as error:
            raise InvalidValue(f"this is no taxonomy ({type(error).__name__}: {error})", "export it again") from error
        return made

    def _require(self, old: Iterable[str]) -> None:
        if gone := [one for one in old if one not in self.ids]:
            raise InvalidValue(f"a change of {gone[0][:LONGEST]!r}, which was no code then", "export it again")

    def _consistent(self) -> None:
        ids = [code.id for code in self.first]
        ids += [code.id for one in self.changes if one.kind != "rename" for code in one.new]
        if len(set(ids)) < len(ids) or not ids:
            raise InvalidValue("a taxonomy in which a code comes twice, or none at all", "export it again")

    def _ever(self) -> set[str]:
        return {code.id for code in (*self.first, *(code for one in self.changes for code in one.new))}

    def _new(self, name: str, instead: Sequence[str], meaning: str, beside: Sequence[Code] = ()) -> Code:
        """A code of that name; instead: ids of those that go, whose names are free."""
        named = " ".join(unicodedata.normalize("NFC", name).split())
        if not named or len(named) > LONGEST:
            raise InvalidValue(
                f"the name {named[:LONGEST]!r} has {len(named)} letters", f"give one of 1 to {LONGEST} letters"
            )
        taken = {one.name.casefold() for one in self.codes if one.id not in instead}
        if named.casefold() in taken | {one.name.casefold() for one in beside}:
            raise InvalidValue(f"there is a code {named!r} already", "choose another name, or merge them")
        base = re.sub(r"[\W_]+", "-", named.casefold()).strip("-") or "code"
        ever, new, n = self._ever() | {one.id for one in beside}, base, 1
        while new in ever:
            n += 1
            new = f"{base}-{n}"
        return Code(new, named, " ".join(meaning.split()))

    def _changed(self, kind: Kind, old: tuple[str, ...], new: Sequence[Code]) -> Taxonomy:
        made = replace(self, changes=(*self.changes, Change(kind, old, tuple(new))))
        if len(made.codes) > MOST_CODES:
            raise InvalidValue(f"that makes {len(made.codes)} codes", f"keep at most {MOST_CODES}: merge some")
        return made


def _code(value: Any) -> Code:
    texts = [value["id"], value["name"], value.get("meaning", "")]
    if not all(isinstance(one, str) for one in texts) or not texts[0] or len(texts[1]) > LONGEST:
        raise InvalidValue(f"a code {str(value)[:LONGEST]} without texts for its id and name", "export it again")
    return Code(*texts)

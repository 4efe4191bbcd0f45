"""A story: findings in order, told to an audience; and its file."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from typing import Any

from isogloss import __version__
from isogloss.errors import InvalidValue
from isogloss.notebook.case import Case, new_id
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.view import View
from isogloss.text.nested import read_json

FORMAT = 1
MOST_BEATS, MOST_COLLECTIONS = 100, 20
MOST_BYTES = 16 << 20  # of one story as JSON
LONGEST_TITLE, LONGEST_SENTENCE, LONGEST_NOTES, LONGEST_PICTURE = 400, 2_000, 20_000, 400_000
_PICTURE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]")
_CASE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Beat:
    """One finding of a story. view: where it is seen live. title, sentence: what is said; notes: for the speaker alone.

    command: the arguments of `python -m isogloss` that give its figures; figures, neighbors: what it gave, as a case
    keeps them. fingerprints: space → that of its vectors. picture: a frozen one, SVG, only ever shown by
    `picture_source` in an `<img>`, where no script runs. case: the id of the case that it was made of.

    Raises InvalidValue for what is too long, or is no such thing.

    >>> Beat(View("Drift"), title="It moved").figures
    ()
    """

    view: View
    _: KW_ONLY
    title: str = ""
    sentence: str = ""
    notes: str = ""
    command: tuple[str, ...] = ()
    figures: tuple[KeptFigure, ...] = ()
    neighbors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    picture: str | None = None
    case: str | None = None

    def __post_init__(self) -> None:
        for told, most in (
            *((self.title, LONGEST_TITLE), (self.sentence, LONGEST_SENTENCE), (self.notes, LONGEST_NOTES)),
            (self.picture or "", LONGEST_PICTURE),
        ):
            if len(told) > most:
                raise InvalidValue(f"{told[:40]!r}… has {len(told):,} letters", f"give at most {most:,}")
        if self.picture is not None and not _PICTURE.match(self.picture[:2_000]):
            raise InvalidValue(f"the picture of a beat is {self.picture[:40]!r}", "give an SVG")
        if self.case is not None and not _CASE.fullmatch(self.case):
            raise InvalidValue(f"a beat was made of the case {self.case[:40]!r}", "give its id, or none")
        self.as_case()

    def as_case(self) -> Case:
        """The beat as a case, for `isogloss.notebook.replay.verify`. Raises InvalidValue for what no case may hold."""
        return Case(
            self.view,
            title=self.title,
            command=self.command,
            figures=self.figures,
            neighbors=self.neighbors,
            fingerprints=self.fingerprints,
            id=self.case or new_id(),
        )

    @property
    def picture_source(self) -> str:
        """The picture for the `src` of an `<img>`; empty where there is none."""
        if self.picture is None:
            return ""
        return "data:image/svg+xml;base64," + base64.b64encode(self.picture.encode("utf-8", "replace")).decode()

    def as_json(self) -> dict[str, Any]:
        """As files hold it; `of_json` takes it back."""
        told = {key: getattr(self, key) for key in ("title", "sentence", "notes")}
        case = self.as_case().as_json()
        kept = {key: case[key] for key in ("view", "command", "figures", "neighbors", "fingerprints")}
        return {**told, **kept, "picture": self.picture, "case": self.case}

    @classmethod
    def of_json(cls, told: Any) -> Beat:
        """Raises InvalidValue, with what is wrong."""
        one = _keys(told, "a beat", {each.name for each in fields(cls) if each.name != "_"})
        evidence = {key: one[key] for key in ("view", "command", "figures", "neighbors", "fingerprints") if key in one}
        case = Case.of_json({**evidence, "format": 1, "id": new_id(), "created": "2000-01-01T00:00:00.000+00:00"})
        picture, made_of = (None if one.get(key) is None else _text(one, key) for key in ("picture", "case"))
        return cls(
            case.view,
            title=_text(one, "title"),
            sentence=_text(one, "sentence"),
            notes=_text(one, "notes"),
            command=case.command,
            figures=case.figures,
            neighbors=case.neighbors,
            fingerprints=case.fingerprints,
            picture=picture,
            case=made_of,
        )


@dataclass(frozen=True)
class Story:
    """beats: in the order in which they are told. collections: what they stand on, by name. version: of Isogloss.
    format: of this record.

    Raises InvalidValue for what is too long or too much, and for a format of another Isogloss.

    >>> story = Story("Peace", (Beat(View("Drift"), title="moved"), Beat(View("Map"), title="where")))
    >>> Story.of_text(story.text()) == story
    True
    >>> [beat.title for beat in story.moved(0, 1).beats]
    ['where', 'moved']
    """

    title: str
    beats: tuple[Beat, ...] = ()
    _: KW_ONLY
    subtitle: str = ""
    collections: tuple[str, ...] = ()
    version: str = __version__
    format: int = FORMAT

    def __post_init__(self) -> None:
        if isinstance(self.format, bool) or self.format != FORMAT:
            raise InvalidValue(
                f"the story has format {str(self.format)[:20]!r}, this Isogloss reads format {FORMAT}",
                "update Isogloss, or export it from this one",
            )
        for told in (self.title, self.subtitle, self.version, *self.collections):
            if len(told) > LONGEST_TITLE:
                raise InvalidValue(f"{told[:40]!r}… has {len(told):,} letters", f"give at most {LONGEST_TITLE:,}")
        if len(self.beats) > MOST_BEATS or len(self.collections) > MOST_COLLECTIONS:
            raise InvalidValue(
                f"the story {self.title[:40]!r} has {len(self.beats):,} beats on {len(self.collections):,} collections",
                f"tell at most {MOST_BEATS} on {MOST_COLLECTIONS}",
            )

    def __len__(self) -> int:
        return len(self.beats)

    def with_beat(self, beat: Beat, at: int | None = None) -> Story:
        """With one more, at a place or at the end. Raises InvalidValue where there is no such place."""
        at = len(self) if at is None else at
        if not 0 <= at <= len(self):
            raise InvalidValue(f"a beat cannot stand at place {at}", f"choose 0 to {len(self)}")
        name = beat.view.get("collection")
        known = name in self.collections or not name or len(self.collections) >= MOST_COLLECTIONS
        collections = self.collections if known else (*self.collections, name)
        return replace(self, beats=(*self.beats[:at], beat, *self.beats[at:]), collections=collections)

    def without(self, at: int) -> Story:
        """Without the beat at a place. Raises InvalidValue."""
        self._require(at)
        return replace(self, beats=self.beats[:at] + self.beats[at + 1 :])

    def moved(self, at: int, to: int) -> Story:
        """With one beat at another place. Raises InvalidValue."""
        self._require(at, to)
        rest = self.without(at).beats
        return replace(self, beats=(*rest[:to], self.beats[at], *rest[to:]))

    def with_other(self, at: int, beat: Beat) -> Story:
        """With another beat in the place of one. Raises InvalidValue."""
        self._require(at)
        return replace(self, beats=(*self.beats[:at], beat, *self.beats[at + 1 :]))

    def _require(self, *places: int) -> None:
        for at in places:
            if not 0 <= at < len(self):
                raise InvalidValue(f"the story has no beat {at + 1}", f"it has {len(self)}")

    def as_json(self) -> dict[str, Any]:
        """As files hold it; `of_json` takes it back."""
        told = {key: getattr(self, key) for key in ("format", "version", "title", "subtitle")}
        return {**told, "collections": list(self.collections), "beats": [beat.as_json() for beat in self.beats]}

    def text(self) -> str:
        """JSON in ASCII, a line a key: every string survives, halves of surrogate pairs too."""
        return json.dumps(self.as_json(), allow_nan=False, indent=1) + "\n"

    def showable(self) -> Story:
        """The same with question marks for halves of surrogate pairs, which no page can show."""
        if "\\ud" not in (text := self.text()):
            return self
        return Story.of_json(json.loads(json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace")))

    @classmethod
    def of_json(cls, told: Any) -> Story:
        """Raises InvalidValue, with what is wrong and, within a beat, which one."""
        one = told if isinstance(told, dict) else {}
        if "format" not in one or not isinstance(one.get("beats"), list):
            raise InvalidValue(f"{str(told)[:40]!r} is no story", "give one as it is exported")
        if one["format"] == FORMAT:  # a later one may have other keys
            _keys(one, "a story", {each.name for each in fields(cls) if each.name != "_"})
        elif not isinstance(one["format"], int) or one["format"] > FORMAT:
            return cls("", format=one["format"])
        beats = []
        for number, each in enumerate(one["beats"][: MOST_BEATS + 1], 1):
            try:
                beats.append(Beat.of_json(each))
            except InvalidValue as error:
                raise InvalidValue(f"beat {number}: {error.fact}", error.lever) from error
        return cls(
            _text(one, "title"),
            tuple(beats),
            subtitle=_text(one, "subtitle"),
            collections=_texts(one.get("collections", [])),
            version=_text(one, "version"),
            format=one["format"],
        )

    @classmethod
    def of_text(cls, text: str | bytes) -> Story:
        """The story of a file. Raises InvalidValue."""
        if len(text) > MOST_BYTES:
            raise InvalidValue(f"a story has {len(text):,} bytes", f"give at most {MOST_BYTES:,}")
        try:
            return cls.of_json(read_json(text))
        except (ValueError, RecursionError) as error:
            if isinstance(error, InvalidValue):
                raise
            raise InvalidValue(f"a story is no JSON ({str(error)[:80]})", "take it as it was exported") from error


def beat_of(case: Case, *, sentence: str = "", picture: str | None = None) -> Beat:
    """A beat made of a kept case: its title, evidence and view; its comment is what the speaker notes."""
    return Beat(
        case.view,
        title=case.title,
        sentence=sentence,
        notes=case.comment,
        command=case.command,
        figures=case.figures,
        neighbors=case.neighbors,
        fingerprints=case.fingerprints,
        picture=picture,
        case=case.id,
    )


def _keys(told: Any, what: str, allowed: Sequence[str] | set[str]) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise InvalidValue(f"{what} is {str(told)[:40]!r}", "give an object, as it is exported")
    if unknown := set(told) - set(allowed):
        raise InvalidValue(
            f"{what} has {str(sorted(unknown, key=str)[0])[:40]!r}", f"choose from {', '.join(sorted(allowed))}"
        )
    return told


def _text(told: Mapping[str, Any], key: str) -> str:
    found = told.get(key, "")
    if not isinstance(found, str):
        raise InvalidValue(f"{key} of a story is {str(found)[:40]!r}", "give a text")
    return found


def _texts(told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise InvalidValue(f"the collections of a story are {str(told)[:40]!r}", "give a list of names")
    return tuple(told)

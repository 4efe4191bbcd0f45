"""A case: a finding with its evidence, as one keeps it."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from isogloss import __version__
from isogloss.errors import InvalidValue
from isogloss.notebook.commands import command_line
from isogloss.notebook.figures import KeptFigure, Survival
from isogloss.notebook.view import View
from isogloss.text.nested import read_json

FORMAT = 1
How = Literal["picked", "random", "rule"]
HOWS: tuple[str, ...] = get_args(How)
MOST_BYTES = 1 << 20  # of one case as JSON
MOST_TAGS, LONGEST_TAG, LONGEST_TITLE, LONGEST_COMMENT = 50, 80, 400, 20_000
_ID = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


def new_id() -> str:
    return uuid.uuid4().hex


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Case:
    """view: its page and address. command: the arguments of `python -m isogloss` that give its figures as JSON.

    figures: those of the view. neighbors: space → the items that were shown, nearest first. lines: chosen lines of a
    concordance. how: how it came in: *picked* by a person, drawn at *random* (draw: which draw; probability: of being
    drawn), found by a *rule* (rule: which). stratum: of the draw. seeds: by what they seed. fingerprints: space → that
    of its vectors. survival: what it survived when that was last asked for. version: of Isogloss. format: of this
    record.

    Raises InvalidValue for what is no case, or too large.

    >>> one = Case(View("Drift"), title="peace", comment="moved?")
    >>> Case.of_json(one.as_json()) == one
    True
    """

    view: View
    _: KW_ONLY
    title: str = ""
    command: tuple[str, ...] = ()
    figures: tuple[KeptFigure, ...] = ()
    neighbors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lines: tuple[str, ...] = ()
    comment: str = ""
    tags: tuple[str, ...] = ()
    how: How = "picked"
    rule: str = ""
    draw: str = ""
    probability: float | None = None
    stratum: str = ""
    seeds: Mapping[str, int] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    survival: Survival | None = None
    version: str = __version__
    id: str = field(default_factory=new_id)
    created: str = field(default_factory=now)
    format: int = FORMAT

    def __post_init__(self) -> None:
        if self.format != FORMAT:
            raise InvalidValue(f"the case has format {str(self.format)[:20]!r}", f"this Isogloss reads format {FORMAT}")
        if not _ID.fullmatch(self.id) or not _TIME.fullmatch(self.created):
            raise InvalidValue(f"the case has the id {self.id[:40]!r} of {self.created[:40]!r}", "take it as exported")
        if self.how not in HOWS:
            raise InvalidValue(f"the case came in {str(self.how)[:20]!r}", f"choose from {', '.join(HOWS)}")
        if self.probability is not None and not 0 < self.probability <= 1:
            raise InvalidValue(f"the probability of a draw is {self.probability}", "give one above 0, up to 1")
        if self.how == "random" and self.probability is None:
            raise InvalidValue("a case was drawn at random without its probability", "say it: rates stand on it")
        longest = ((self.title, LONGEST_TITLE), (self.comment, LONGEST_COMMENT), *((t, LONGEST_TAG) for t in self.tags))
        for text, most in longest:
            if len(text) > most:
                raise InvalidValue(f"{text[:40]!r}… has {len(text):,} letters", f"give at most {most:,}")
        if len(self.tags) > MOST_TAGS or not all(self.tags):
            raise InvalidValue(f"a case has {len(self.tags)} tags", f"give at most {MOST_TAGS}, none of them empty")
        if len(self.text()) > MOST_BYTES:
            raise InvalidValue(f"the case {self.title[:40]!r} has over {MOST_BYTES:,} bytes", "keep fewer lines of it")

    @property
    def items(self) -> str:
        """The words of the view, as they were typed."""
        return self.view.get("item")

    @property
    def collection(self) -> str:
        return self.view.get("collection")

    @property
    def command_line(self) -> str:
        """To paste into a shell."""
        return command_line(self.command)

    def as_json(self) -> dict[str, Any]:
        """As files and the ledger hold it; `of_json` takes it back."""
        return {
            "format": self.format,
            "id": self.id,
            "created": self.created,
            "title": self.title,
            "view": self.view.as_json(),
            "command": list(self.command),
            "figures": [one.as_json() for one in self.figures],
            "neighbors": {space: list(items) for space, items in self.neighbors.items()},
            "lines": list(self.lines),
            "comment": self.comment,
            "tags": list(self.tags),
            "how": self.how,
            "rule": self.rule,
            "draw": self.draw,
            "probability": self.probability,
            "stratum": self.stratum,
            "seeds": dict(self.seeds),
            "fingerprints": dict(self.fingerprints),
            "version": self.version,
            **({"survival": self.survival.as_json()} if self.survival else {}),
        }

    def text(self) -> str:
        """One line of JSON, in ASCII: every string survives, halves of surrogate pairs too."""
        return json.dumps(self.as_json(), allow_nan=False)

    def showable(self) -> Case:
        """The same with question marks for halves of surrogate pairs, which no page can show."""
        if "\\ud" not in self.text():
            return self
        return Case.of_json(json.loads(json.dumps(self.as_json(), ensure_ascii=False).encode("utf-8", "replace")))

    @classmethod
    def of_json(cls, told: Any) -> Case:
        """Raises InvalidValue, with what is wrong."""
        if not isinstance(told, dict):
            raise InvalidValue(f"a case is {str(told)[:40]!r}", "give an object, as it is exported")
        view = told.get("view")
        if not isinstance(view, dict):
            raise InvalidValue("a case has no view", "give {page, parameters}, as it is exported")
        probability = told.get("probability")
        if isinstance(probability, bool) or not isinstance(probability, int | float | None):
            raise InvalidValue(f"the probability is {str(probability)[:20]!r}", "give a number or null")
        try:
            return cls(
                View.of(view.get("page", ""), view.get("parameters", {})),
                **{key: _text(told, key) for key in ("title", "comment", "rule", "draw", "stratum", "version")},
                command=_texts(told.get("command", [])),
                figures=tuple(_figure(one) for one in _list(told.get("figures", []))),
                neighbors={k: _texts(v) for k, v in _object(told.get("neighbors", {})).items()},
                lines=_texts(told.get("lines", [])),
                tags=_texts(told.get("tags", [])),
                how=cast(How, _text(told, "how", "picked")),
                probability=probability,
                seeds=_seeds(told.get("seeds", {})),
                fingerprints=dict(
                    zip(f := _object(told.get("fingerprints", {})), _texts(list(f.values())), strict=True)
                ),
                survival=None if told.get("survival") is None else Survival.of_json(told["survival"]),
                id=_text(told, "id", "-"),
                created=_text(told, "created", "-"),
                format=told.get("format", 0),
            )
        except (TypeError, ValueError) as error:
            raise InvalidValue(f"the case cannot be read ({str(error)[:80]})", "take it as it was exported") from error

    @classmethod
    def of_text(cls, text: str | bytes) -> Case:
        """The case of one line of JSON. Raises InvalidValue."""
        if len(text) > MOST_BYTES:
            raise InvalidValue(f"a case has {len(text):,} bytes", f"give at most {MOST_BYTES:,}")
        try:
            return cls.of_json(read_json(text))
        except (ValueError, RecursionError) as error:
            raise InvalidValue(f"a case is no JSON ({str(error)[:80]})", "take it as it was exported") from error


def clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags as they are kept: without space around them, each once.

    >>> clean_tags([" hub", "", "hub", "name "])
    ('hub', 'name')
    """
    return tuple(dict.fromkeys(tag for one in tags if (tag := " ".join(one.split()))))


def _figure(told: Any) -> KeptFigure:
    allowed = ("name", "value", "pointer", "low", "high", "n", "null_p95", "beside")
    one = _object(told)
    if unknown := set(one) - set(allowed):
        raise InvalidValue(f"a figure has {sorted(unknown)[0][:40]!r}", f"choose from {', '.join(allowed)}")
    return KeptFigure(**{"name": "", "value": None} | one | {"beside": _object(one.get("beside", {}))})


def _text(told: Mapping[str, Any], key: str, default: str = "") -> str:
    found = told.get(key, default)
    if not isinstance(found, str):
        raise InvalidValue(f"{key} of a case is {str(found)[:40]!r}", "give a text")
    return found


def _list(told: Any) -> list[Any]:
    if not isinstance(told, list):
        raise InvalidValue(f"a case has {str(told)[:40]!r}", "give a list there")
    return told


def _object(told: Any) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise InvalidValue(f"a case has {str(told)[:40]!r}", "give an object there")
    return told


def _texts(told: Any) -> tuple[str, ...]:
    if not all(isinstance(one, str) for one in _list(told)):
        raise InvalidValue(f"a case has {str(told)[:40]!r}", "give a list of texts there")
    return tuple(told)


def _seeds(told: Any) -> dict[str, int]:
    if not all(isinstance(one, int) and not isinstance(one, bool) for one in _object(told).values()):
        raise InvalidValue(f"the seeds of a case are {str(told)[:40]!r}", "give whole numbers by name")
    return dict(told)

"""Elements of XML with the bytes they stand in. Entities that a file declares are refused."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element
from xml.parsers import expat

from isogloss.errors import InvalidValue

_DEEPEST = 200
_NATIVE = ("bpt", "ept", "it", "ph", "ut")  # hold the code of the format that was translated
_BARE = ("mrk", "hi", "sub")


@dataclass(frozen=True)
class Standing:
    """element: with all that is in it, names without prefix. start, end: bytes. above: attributes of what holds it, the
    outermost first. line: where it begins.
    """

    element: Element
    start: int
    end: int
    above: tuple[dict[str, str], ...]
    line: int


def elements(data: bytes, names: Collection[str], *, file: str) -> list[Standing]:
    """All elements of some names, none within another. Raises InvalidValue for what is no XML."""
    reader = _Reader(data, names, file)
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InvalidValue(f"{file} is no whole XML ({error})", "save it again") from error
    except (LookupError, ValueError) as error:
        raise InvalidValue(f"{file} has an encoding that cannot be read ({error})", "save it as UTF-8") from error
    reader.next(len(data))
    return reader.found


class _Reader:
    def __init__(self, data: bytes, names: Collection[str], file: str) -> None:
        self.data, self.names, self.file = data, names, file
        self.found: list[Standing] = []
        self._above: list[dict[str, str]] = []
        self._open: list[Element] = []
        self._start = self._line = 0
        self._ended: Element | None = None
        parser = self.parser = expat.ParserCreate()
        parser.StartElementHandler = self._starts
        parser.EndElementHandler = self._ends
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.DefaultHandlerExpand = lambda _: self.next()

    def next(self, at: int | None = None) -> None:
        """Something comes after an element has ended: that is where it ended."""
        if self._ended is not None:
            end = self.parser.CurrentByteIndex if at is None else at
            self.found.append(Standing(self._ended, self._start, end, tuple(self._above), self._line))
            self._ended = None

    def _entity(self, *_: Any) -> None:
        raise InvalidValue(f"{self.file} declares entities", "save it without them")

    def _starts(self, name: str, attributes: dict[str, str]) -> None:
        self.next()
        name = name.rpartition(":")[2]
        if len(self._above) + len(self._open) > _DEEPEST:
            raise InvalidValue(f"{self.file} is nested deeper than {_DEEPEST}", "save it flat")
        if self._open or name in self.names:
            element = Element(name, attributes)
            if self._open:
                self._open[-1].append(element)
            else:
                self._start, self._line = self.parser.CurrentByteIndex, self.parser.CurrentLineNumber
            self._open.append(element)
        else:
            self._above.append(attributes)

    def _ends(self, name: str) -> None:
        self.next()
        if self._open:
            element = self._open.pop()
            if not self._open:
                self._ended = element
        else:
            self._above.pop()

    def _text(self, text: str) -> None:
        self.next()
        if self._open:
            here = self._open[-1]
            if len(here):
                here[-1].tail = (here[-1].tail or "") + text
            else:
                here.text = (here.text or "") + text


def with_blanks(data: bytes, start: int, end: int) -> tuple[int, int]:
    """A range with the blanks before it, from the end of the line above."""
    before = start
    while before and data[before - 1 : before] in (b" ", b"\t"):
        before -= 1
    if before and data[before - 1 : before] == b"\n":
        before -= 2 if data[before - 2 : before] == b"\r\n" else 1
        return before, end
    return start, end


def text_in(element: Element | None) -> str:
    """The text of a segment: code of the format as it is, other elements as tags.

    >>> from xml.etree.ElementTree import fromstring
    >>> text_in(fromstring('<seg>a <bpt>&lt;b></bpt>c<x id="1"/></seg>'))
    'a <b>c<x id="1"/>'
    """
    if element is None:
        return ""
    parts = [element.text or ""]
    for one in element:
        inner = text_in(one)
        if one.tag in _BARE or (one.tag in _NATIVE and inner):
            parts.append(inner)
        else:
            told = "".join(f' {name}="{value}"' for name, value in one.attrib.items())
            parts.append(f"<{one.tag}{told}>{inner}</{one.tag}>" if inner else f"<{one.tag}{told}/>")
        parts.append(one.tail or "")
    return "".join(parts)

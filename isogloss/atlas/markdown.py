"""Lists of papers in Markdown, of any dialect: headings are sections, items and rows of tables are papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isogloss.atlas.entry import Catalogue, Entry, title_key
from isogloss.atlas.inline import LONGEST, LONGEST_TITLE, Link, link_of, links_of, plain, title_of
from isogloss.atlas.years import stated_year, year_of
from isogloss.errors import InvalidValue
from isogloss.outside.looking import look
from isogloss.tables.bounded import read_bytes
from isogloss.tables.encodings import decoded
from isogloss.text.tally import Tally

MOST_ROWS, MOST_BYTES = 20_000, 8 << 20
_ITEM = re.compile(r"^([ \t]*)(?:[-*+]|\d{1,6}[.)])[ \t]+(.*)$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_HTML_HEADING = re.compile(r"^\s*<h([1-6])\b[^<>]*>(.*?)</h\1>\s*$", re.I)
_UNDER = re.compile(r"^ {0,3}(=+|-{3,})[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_RULE = re.compile(r"^ {0,3}(?:[-*_][ \t]*){3,}$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DEFINED = re.compile(r"^ {0,3}\[([^\[\]]+)\]:[ \t]*<?(\S+?)>?(?:[ \t]+[\"'(].*)?$")
_SEPARATOR = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CELLS = re.compile(r"(?<!\\)\|")
_NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]?|[IVX]+[.)])\s+(?=\S)")
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_TITLES = ("title", "paper title", "paper", "name", "article", "work", "publication", "method", "dataset")
_YEARS = ("year", "date", "time", "published", "publication date", "publish date", "when")


@dataclass(frozen=True)
class _Row:
    """One item or row of a table: where it stands, and its cells with their headers. parent: the text of the item
    above that holds it.
    """

    line: int
    section: tuple[str, ...]
    cells: tuple[str, ...]
    headers: tuple[str, ...] = ()
    parent: str = ""


def read_catalogue(text: str, name: str) -> Catalogue:
    """The papers of a list. Its only heading of the first level is its title and no section.

    Every item and every row of a table is read or skipped and counted: *anchor* (leads within the document), *no link*,
    *not http*, *no title*, *too long*, *duplicate* (the title stands in that section already). Code and comments are
    no rows. Raises InvalidValue where no row can be read, or where there are more than 20,000.

    >>> told = read_catalogue("# A\\n## B\\n- [2024] **On maps.** *X* [[paper](https://x.org/1)]\\n- [up](#a)\\n", "a")
    >>> told.entries
    (Entry(title='On maps', year=2024, section=('B',), link='https://x.org/1'),)
    >>> told.read.sentence()
    '1 read; skipped: 1 anchor (line 4)'
    """
    lines = _uncommented(text).splitlines()
    references = {one[1].casefold(): one[2] for line in lines if (one := _DEFINED.match(line))}
    tally, found, seen = Tally(), list[Entry](), set[tuple[tuple[str, ...], str]]()
    for number, row in enumerate(_rows(lines), 1):
        if number > MOST_ROWS:
            raise InvalidValue(f"{name} has more than {MOST_ROWS:,} rows", "cut it into several files")
        entry = _entry(row, references)
        if isinstance(entry, str):
            tally.skip(entry, f"line {row.line:,}")
        elif (entry.section, entry.key) in seen:
            tally.skip("duplicate", entry.title)
        else:
            seen.add((entry.section, title_key(entry.title)))
            found.append(entry)
            tally.read += 1
    if not found:
        why = f" ({tally.sentence()})" if tally.total else ""
        raise InvalidValue(f"{name} lists no paper with a link{why}", "give a list in Markdown: - [Title](https://…)")
    return Catalogue(name, _untitled(found), tally)


def read_catalogue_file(file: Path, name: str = "") -> Catalogue:
    """The same of a file. name: of the catalogue; default: the file's. Raises InvalidValue, NotFound."""
    if not file.is_file():
        raise InvalidValue(f"{str(file)[:200]} is not a file", "name a list in Markdown")
    return read_catalogue(
        decoded(read_bytes(file, most=MOST_BYTES)).text.removeprefix("\ufeff"), (name or file.stem)[:64]
    )


def take_catalogue(file: Path, name: str = "") -> Catalogue:
    """`read_catalogue_file` in a process beside this one."""
    return look(read_catalogue_file, file, kinds=(Catalogue, Entry, Tally), name=name)


def _uncommented(text: str) -> str:
    """Comments as empty lines, so that numbers of lines stay."""
    return _COMMENT.sub(lambda one: "\n" * one[0].count("\n"), text)


def _untitled(found: list[Entry]) -> tuple[Entry, ...]:
    firsts = {one.section[:1] for one in found}
    if len(firsts) > 1 or firsts == {()} or all(len(one.section) == 1 for one in found):
        return tuple(found)
    return tuple(Entry(one.title, one.year, one.section[1:], one.link) for one in found)


def _rows(lines: list[str]) -> Iterator[_Row]:
    """Items and rows of tables with the headings above them."""
    headings: list[tuple[int, str]] = []
    holders: list[tuple[int, str]] = []  # items above, by how far they are set in
    fence, at = "", 0
    while at < len(lines):
        line = lines[at]
        if fence or (one := _FENCE.match(line)):
            if not fence:
                fence = one[1] if one else ""
            elif line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            at += 1
        elif told := _heading(lines, at):
            level, title, used = told
            headings = [*((at_, one) for at_, one in headings if at_ < level), (level, title)]
            holders, at = [], at + used
        elif "|" in line and at + 1 < len(lines) and "|" in lines[at + 1] and _SEPARATOR.match(lines[at + 1]):
            headers, at = _cells(line), at + 2
            while at < len(lines) and "|" in lines[at]:
                yield _Row(at + 1, _section(headings), _cells(lines[at]), headers)
                at += 1
        elif (item := _ITEM.match(line)) and not _RULE.match(line):
            start, inset, text = at, len(item[1].expandtabs(4)), item[2]
            at += 1
            while at < len(lines) and _goes_on(lines[at], inset) and len(text) <= LONGEST:
                text, at = f"{text} {lines[at].strip()}", at + 1
            holders = [one for one in holders if one[0] < inset]
            yield _Row(start + 1, _section(headings), (text,), parent=holders[-1][1] if holders else "")
            holders.append((inset, text))
        else:
            at += 1


def _heading(lines: list[str], at: int) -> tuple[int, str, int] | None:
    """Level, title, and how many lines it takes."""
    line = lines[at]
    if one := _HEADING.match(line):
        return len(one[1]), _name(one[2] or ""), 1
    if one := _HTML_HEADING.match(line):
        return int(one[1]), _name(one[2]), 1
    under = _UNDER.match(lines[at + 1]) if at + 1 < len(lines) else None
    before = at == 0 or not lines[at - 1].strip()
    if under and before and line.strip() and "|" not in line and not _ITEM.match(line) and not _RULE.match(line):
        return (1 if under[1][0] == "=" else 2), _name(line), 2
    return None


def _name(text: str) -> str:
    return _NUMBER.sub("", plain(_SHORTCODE.sub(" ", links_of(text, {})[0]))).strip(" :#")[:200]


def _section(headings: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(title for _, title in headings if title)


def _goes_on(line: str, inset: int) -> bool:
    """Whether a line belongs to the item above: set in further, and nothing of its own."""
    own = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    return bool(line.strip()) and own > inset and not (_ITEM.match(line) or _FENCE.match(line) or _HEADING.match(line))


def _cells(line: str) -> tuple[str, ...]:
    parts = _CELLS.split(line.strip())
    if parts and not parts[0].strip():
        parts = parts[1:]
    if parts and not parts[-1].strip():
        parts = parts[:-1]
    return tuple(one.replace("\\|", "|").strip() for one in parts)


def _entry(row: _Row, references: dict[str, str]) -> Entry | str:
    """The paper of a row, or why there is none."""
    whole = " | ".join(row.cells)
    if len(whole) > LONGEST:
        return "too_long"
    if any("\ud800" <= letter <= "\udfff" for letter in whole):
        return "not_utf8"
    text, links = links_of(whole, references)
    if not links:
        return "no_link"
    title, carrier = _titled(row, references) if row.headers else title_of(text, links)
    link = link_of(links, carrier)
    if link is None:
        return "anchor" if all(one.kind == "anchor" for one in links) else "not_http"
    if not title and row.parent:
        title = title_of(*links_of(row.parent, references))[0]
    if not title:
        return "no_title"
    if len(title) > LONGEST_TITLE:
        return "too_long"
    rest = text
    for one in sorted(links, key=lambda one: -one.start):
        rest = rest[: one.start] + " " + rest[one.end :]
    return Entry(title, _stated(row) or year_of(rest.replace(title, " "), link.url), row.section, link.url)


def _titled(row: _Row, references: dict[str, str]) -> tuple[str, Link | None]:
    """Of a table: the cell under *Title*, else the first that has a name in it; and the link that carries it."""
    named = [row.cells[at] for word in _TITLES for at in _under(row, (word,))]
    for cell in [*named, *(one for one in row.cells if len(plain(one).split()) > 2), *row.cells]:
        title, carrier = title_of(*links_of(cell, references))
        if title and not title.isdigit():
            return title, carrier
    return "", None


def _stated(row: _Row) -> int | None:
    return next((year for at in _under(row, _YEARS) if (year := stated_year(row.cells[at])) is not None), None)


def _under(row: _Row, words: tuple[str, ...]) -> list[int]:
    heads = [plain(one).casefold() for one in row.headers]
    return [at for at, head in enumerate(heads) if head in words and at < len(row.cells)]

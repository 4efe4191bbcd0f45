"""What a file is by its first bytes; what is no table of texts is refused by its name, with the way on."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from isogloss.errors import InvalidValue
from isogloss.tables.dialect import PROSE, dialect_of
from isogloss.tables.encodings import head_text
from isogloss.text.nested import require_shallow

PLAIN = (".txt", ".md", ".text")
SEPARATED = {".csv": ",", ".tsv": "\t", ".tab": "\t", ".psv": "|"}
LINES = (".jsonl", ".ndjson", ".json")
ARROW = (".arrow", ".feather", ".ipc")
TABLES = (*SEPARATED, *LINES, ".parquet", *ARROW)
HEAD = 1 << 18
_TAR = 257
_FEWEST = 4  # rows that are alike before a text is taken for a table

_ALIEN: tuple[tuple[bytes, str, str], ...] = (
    (
        b"version https://git-lfs.github.com/spec",
        "a pointer of Git LFS, not the file itself",
        "fetch it with git lfs pull",
    ),
    (b"SQLite format 3\0", "an SQLite database", "write the table out as CSV and give that"),
    (b"%PDF", "a PDF", "give its text as .txt"),
    (b"{\\rtf", "an RTF document", "save it as plain text"),
    (b"\x89PNG", "a picture", "give text"),
    (b"\xff\xd8\xff", "a picture", "give text"),
    (b"GIF8", "a picture", "give text"),
    (b"\x89HDF", "an HDF5 file", "write the table out as Parquet or CSV and give that"),
    (b"\x93NUMPY", "a NumPy array", "give a table of texts"),
    (b"\xd0\xcf\x11\xe0", "an old Office document", "save it as CSV or plain text"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it and give the file or folder"),
    (b"Rar!", "a RAR archive", "unpack it and give the file or folder"),
    (b"\x7fELF", "a program", "give text"),
    (b"RDX", "an R workspace", "write the table out as CSV and give that"),
)
_OFFICE = (
    (b"xl/", "an Excel workbook", "save the sheet as CSV"),
    (b"word/", "a Word document", "save it as plain text"),
)
_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|table|div|\?xml|!--|[a-zA-Z][\w:-]*[ >/])", re.I)
_OBJECT = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')


def refuse_alien(head: bytes, name: str) -> None:
    """Raises InvalidValue for what holds no table and no text: named for what it is, with the way on.

    >>> refuse_alien(b"SQLite format 3\\0...", "v.db")
    Traceback (most recent call last):
    isogloss.errors.InvalidValue: v.db is an SQLite database: write the table out as CSV and give that
    """
    told = next(((what, lever) for magic, what, lever in _ALIEN if head.startswith(magic)), None)
    if head[_TAR : _TAR + 5] == b"ustar":
        told = "a tar archive", "unpack it and give the file or folder"
    elif head.startswith(b"PK\x03\x04"):
        office = next(((what, lever) for part, what, lever in _OFFICE if part in head), None)
        told = office or ("a zip archive", "name it .zip, or unpack it")
    elif head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        told = "a pickle, which can run anything", "read it with the tool that wrote it and save Parquet or CSV"
    elif _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")):
        page = re.match(rb"\s*<\?xml", head.removeprefix(b"\xef\xbb\xbf"), re.I) is None
        told = (
            ("an HTML page", "give the file itself, not the page that shows it")
            if page
            else (
                "an XML document",
                "give its text as .txt, or its rows as CSV",
            )
        )
    if told:
        raise InvalidValue(f"{name[:120]} is {told[0]}", told[1])


def kind_of_content(head: bytes, name: str) -> str:
    """`parquet`, `arrow`, `json`, `separated` or `plain`. The content decides, the ending where it may be either.

    head: the first bytes, unpacked. Raises InvalidValue for what `refuse_alien` names.

    >>> kind_of_content(b'{"text": "a"}', "a.csv"), kind_of_content(b"year;text\\n1;a\\n2;b\\n3;c\\n", "a")
    ('json', 'separated')
    >>> kind_of_content(b"Call me.", "c.txt"), kind_of_content(b"year\\ttext\\n1\\ta\\n2\\tb\\n3\\tc\\n", "c.txt")
    ('plain', 'separated')
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")):
        return "arrow"
    ending = PurePosixPath(name.lower()).suffix
    refuse_alien(head, name)
    if ending == ".parquet" or ending in ARROW:
        raise InvalidValue(
            f"{name[:120]} cannot be read (it does not begin as {ending} does)", "check that the file is whole"
        )
    text = head_text(head)
    if ending in LINES or (_OBJECT.match(text) and (ending not in PLAIN or _is_object(text))):
        return "json"
    if ending in SEPARATED:
        return "separated"
    found = dialect_of(text, ending, whole=len(head) < HEAD)
    sure = found.width > 1 and found.share >= PROSE and found.rows >= _FEWEST
    return "separated" if sure and (found.delimiter != "," or ending not in PLAIN) else "plain"


def _is_object(text: str) -> bool:
    """Whether a text file begins with JSON, and not with a note in brackets."""
    try:
        require_shallow(text)
        return isinstance(json.JSONDecoder().raw_decode(text.lstrip())[0], dict | list)
    except (ValueError, RecursionError):
        return bool(re.match(r'\s*\[\s*\{\s*"', text))

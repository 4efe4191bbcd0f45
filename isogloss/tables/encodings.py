"""How the letters of a file are written: UTF-8, UTF-16, or one of the older tables; never guessed without a word.

A file that is UTF-8 in most of its lines is UTF-8, and its other lines are odd. A file that is not is told by its marks
(BOM), by its zero bytes, then by charset-normalizer where that finds another script than the Latin; what remains is
cp1252, which holds all letters of Latin-1. Measured on sentences of 22 languages, charset-normalizer knows Cyrillic,
Greek and Chinese tables, but takes French for cp1250 and one *Zoë* for Cyrillic: so it is asked only where most letters
above ASCII stand beside each other, as they do in no Latin script.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHERS = [
    "cp1252",
    "cp1251",
    "koi8_r",
    "cp1253",
    "cp1255",
    "cp1256",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
]
_HIGH = re.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")
_SAMPLE = 1 << 16
_ONE = re.compile(rb"[\x80-\xff]")
_BESIDE = re.compile(rb"[\x80-\xff](?=[\x80-\xff])")  # in Latin words letters with marks stand alone
_INSIDE = re.compile(
    r"\w[\u00b9\u00b3\u00bf\u00bc\u00be\u00a5\u00a3](?=\w)"
)  # signs in the middle of words: Polish in another table


@dataclass(frozen=True)
class Decoded:
    """text: bytes that are none of the encoding stand in it as lone surrogates (`surrogateescape`).

    encoding: as Python names it. odd: lines with such bytes, by their numbers from 1.
    """

    text: str
    encoding: str
    odd: tuple[int, ...] = ()


def decoded(data: bytes) -> Decoded:
    """A whole text. It never fails: what cannot be told is cp1252, and that is said.

    >>> decoded("Zoë".encode("utf-16"))
    Decoded(text='Zoë', encoding='utf-16-le', odd=())
    >>> decoded("ein Café\\nzwei\\n".encode("cp1252")).encoding
    'cp1252'
    >>> decoded("東京\\n日\\n".encode() + b"\\xff\\n").odd
    (3,)
    """
    encoding, body = _marked(data)
    if encoding is None:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            encoding = _older(data)
    text = body.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    odd = (
        tuple(n for n, line in enumerate(re.split(r"\r\n|\n|\r", text), 1) if not _whole(line))
        if encoding == "utf-8"
        else ()
    )
    return Decoded(text, encoding, odd)


def head_encoding(head: bytes) -> str | None:
    """The encoding of a file by its first bytes; None where it is UTF-8 as far as they go."""
    encoding, _ = _marked(head)
    if encoding:
        return None if encoding == "utf-8" else encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        found = _older(head[: head.rfind(b"\n") + 1] or head)
        return None if found == "utf-8" else found
    return None


def head_text(head: bytes) -> str:
    """The first bytes of a file as text, without a mark."""
    encoding = head_encoding(head) or "utf-8"
    return _marked(head)[1].decode(encoding, "replace")


def _whole(line: str) -> bool:
    return line.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in line)


def _marked(data: bytes) -> tuple[str | None, bytes]:
    """What a mark at the start or zero bytes tell, and what stands after the mark."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    head = data[:4096]
    if b"\0" in head:
        even, odd = head[::2].count(0), head[1::2].count(0)
        if max(even, odd) > max(2, 8 * min(even, odd), len(head) // 10):
            return ("utf-16-le" if odd > even else "utf-16-be"), data
    return None, data


def _older(data: bytes) -> str:
    """The encoding of bytes that are not all UTF-8."""
    lines = [found[0] for found in _HIGH.finditer(data)]
    good = sum(map(_is_utf8, lines))
    if good >= len(lines) - good:
        return "utf-8"
    sample = b"\n".join(lines)[:_SAMPLE]
    if b"\n" in sample:
        sample = sample[: sample.rfind(b"\n")]
    beside = len(_BESIDE.findall(sample))
    if beside * 2 >= len(_ONE.findall(sample)) and (asked := _asked(sample)):
        return asked
    return "cp1250" if len(_INSIDE.findall(sample.decode("cp1252", "replace"))) > 1 else "cp1252"


def _asked(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_OTHERS).best()
    return best.encoding if best else None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

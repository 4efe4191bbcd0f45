"""What stands in one row of a list: its links, and what of it is the title."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from isogloss.text.normalize import nfc

LONGEST = 8_000  # characters of a row; of a title a twentieth
LONGEST_TITLE = 400
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^()\s]*(?:\s+\"[^\"]*\")?\)|\[[^\[\]]*\])")
_LINK = re.compile(
    r"\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(\s*<?([^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[\"'][^\"']*[\"'])?\s*\)"
)
_REFERENCE = re.compile(r"\[([^\[\]]+)\]\[([^\[\]]*)\]")
_ANCHOR = re.compile(r"<a\s[^<>]{0,400}?href\s*=\s*[\"']([^\"'<>]*)[\"'][^<>]{0,400}>(.{0,400}?)</a>", re.I)
_BARE = re.compile(r"<?(https?://[^\s<>\"'`|\])]+)>?")
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sub|sup|br|a|code|kbd|span|font|small|p|td|li)\b[^<>]{0,200}>", re.I)
_BOLD = re.compile(r"\*\*(?=\S)(.{1,400}?)(?<=\S)\*\*|__(?=\S)(.{1,400}?)(?<=\S)__")
_ASIDE = re.compile(
    r"(?<![\w*])\*(?=[^\s*])[^*]{1,400}\*(?![\w*])|(?<![\w_])_(?=[^\s_])[^_]{1,400}_(?![\w_])|`[^`]{0,200}`"
)
_QUOTED = re.compile(r"[\"“«](?=\S)([^\"“”«»]{3,400})(?<=\S)[\"”»]")
_BEFORE = re.compile(
    r"^\s*(?:[\[(][^\[\]()]{0,40}[\])]|\d{4}(?:[./-]\d{1,2}){0,2}(?=[\s:,]|$)|[:|,;–—-]|\[[ xX]\]|:[a-z0-9_+-]+:)\s*"
)
_MARKS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}|_{1,3}(?!\w)|`+|~~")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_GENERIC = frozenset(
    """paper papers pdf arxiv code codes github git repo repository blog post link links url project page homepage home
    website web site demo data dataset datasets model models weights checkpoint checkpoints video slides poster talk
    abs abstract html doi openreview acl anthology bib bibtex tweet twitter thread hf huggingface here source official
    unofficial implementation pytorch tensorflow jax colab notebook docs documentation version supp supplementary
    appendix appendices news article tech report preprint journal conference proceedings and the of v1 v2 v3 i ii read
    more download leaderboard benchmark api app space youtube wiki medium review scholar semantic""".split()
)
_PAPER = frozenset("paper papers pdf arxiv abs abstract acl anthology openreview doi article html preprint".split())


@dataclass(frozen=True)
class Link:
    """label: plain text. start, end: where it stands in the row."""

    label: str
    url: str
    start: int
    end: int

    @property
    def generic(self) -> bool:
        """Whether the label says what is behind it rather than what it is called."""
        words = re.findall(r"[^\W_]+", self.label.casefold())
        return all(word in _GENERIC or word.isdigit() for word in words)

    @property
    def to_a_paper(self) -> bool:
        return bool(_PAPER & set(re.findall(r"[^\W_]+", self.label.casefold())))

    @property
    def kind(self) -> str:
        """`http`, `anchor` (within the document) or `other`."""
        if self.url.startswith("#"):
            return "anchor"
        return "http" if is_http(self.url) else "other"


def is_http(url: str) -> bool:
    """Whether a link leads out by http or https, to a host.

    >>> is_http("https://arxiv.org/abs/1"), is_http("javascript:alert(1)"), is_http("http://"), is_http("//x.org")
    (True, False, False, False)
    """
    if _CONTROL.search(url) or any(sign in url for sign in " <>\"'`\\") or len(url) > 2_000:
        return False
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    return found.scheme.lower() in ("http", "https") and bool(found.hostname) and "@" not in found.netloc


def links_of(row: str, references: Mapping[str, str]) -> tuple[str, list[Link]]:
    """The row without images and with every link as `[label](url)`, and its links in order."""
    text = _IMAGE.sub("", row)
    text = _ANCHOR.sub(lambda one: f"[{one[2]}]({one[1]})", text)
    text = _REFERENCE.sub(lambda one: _referred(one, references), text)
    found = [Link(plain(one[1]), html.unescape(one[2]), *one.span()) for one in _LINK.finditer(text)]
    taken = [(one.start, one.end) for one in found]
    for one in _BARE.finditer(text):
        if not any(start <= one.start() < end for start, end in taken):
            found.append(Link("", html.unescape(one[1].rstrip(".,;:)")), *one.span()))
    return text, sorted(found, key=lambda link: link.start)


def _referred(one: re.Match[str], references: Mapping[str, str]) -> str:
    url = references.get((one[2] or one[1]).casefold())
    return f"[{one[1]}]({url})" if url else one[0]


def plain(text: str) -> str:
    """Without marks of Markdown and tags of form; other tags stay, as text.

    >>> plain("**Bold** `code` &amp; <b>more</b> <img src=x>"), plain("snake_case_name")
    ('Bold code & more <img src=x>', 'snake_case_name')
    """
    text = _LINK.sub(lambda one: one[1], text)
    text = _MARKS.sub("", _TAG.sub(" ", text))
    return " ".join(_CONTROL.sub(" ", nfc(html.unescape(text))).split())


def trimmed(text: str) -> str:
    """A title without dates, venues and signs before it, and stops after it."""
    text = plain(text)
    while (shorter := _BEFORE.sub("", text, count=1)) != text and shorter:
        text = shorter
    text = text.strip(" \t.,:;|–—-·•").strip()
    for first, last in ("[]", "()", '""', "“”", "«»"):
        if len(text) > 1 and text[0] == first and text[-1] == last and text.count(first) <= 2:
            text = text[1:-1].strip(" .,:;")
    return text


def title_of(text: str, links: list[Link]) -> tuple[str, Link | None]:
    """The title of a row, and the link that carries it; empty where nothing can be one.

    Bold words before the links; else the label of the first link that is not called *paper* or *code*; else what
    stands in quotation marks; else the plain text before the first link, else after it.
    """
    first = links[0] if links else None
    before = text[: first.start] if first else text
    for bold in _BOLD.finditer(before):
        if len(title := trimmed(bold[1] or bold[2])) > 2 and (" " in title or not _worded(text, links, bold)):
            return title, None
    if first and first.label and not first.generic and len(trimmed(first.label)) > 1:
        return trimmed(first.label), first
    if (one := _QUOTED.search(before)) and " " in (title := trimmed(one[1])):
        return title, None
    if title := _before_asides(before):
        return title, None
    named = next((one for one in links if one.label and not one.generic), None)
    if named:
        return trimmed(named.label), named
    return trimmed(_LINK.sub(" ", text[first.end :]) if first else ""), None


def _worded(text: str, links: list[Link], bold: re.Match[str]) -> bool:
    """Whether more than the one bold word stands before the links, or a link is called by a name."""
    before = text[: links[0].start] if links else text
    rest = trimmed(before[: bold.start()] + " " + before[bold.end() :])
    return len(rest.split()) > 2 or any(one.label and not one.generic for one in links)


def _before_asides(text: str) -> str:
    """The plain text up to authors in italics or a venue in code, where that is more than a word."""
    for one in _ASIDE.finditer(text):
        if " " in (title := trimmed(text[: one.start()])):
            return title
    return trimmed(re.sub(r"[\[(]\s*$", "", text))


def link_of(links: list[Link], carrier: Link | None) -> Link | None:
    """The link of a row: the one its title carries, one to a paper, or the first that leads out."""
    if carrier is not None and carrier.kind == "http":
        return carrier
    out = [one for one in links if one.kind == "http"]
    return next((one for one in out if one.to_a_paper), out[0] if out else None)

"""What became of the marked spans of a source in its target: the errors by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from isogloss.rewriting.marking.tags import Marked, Span, splits
from isogloss.rewriting.profile import Failure

KINDS = ("dropped", "doubled", "added", "reversed", "nested", "empty", "split_in_word")
IN_TARGET = KINDS[1:]  # their `at` is in the target


def errors(row: int, source: Marked, target: Marked) -> list[Failure]:
    """What went wrong, each `at` its place: of a dropped marker in the source, else in the target.

    dropped: fewer opening or closing tags of a name than in the source; doubled: more; added: a name that the source
    has not; reversed: closed before it is opened; nested: spans that overlap; empty: nothing between the tags;
    split_in_word: a tag inside a word. What is so in the source too is no error of the target.
    """
    found: list[Failure] = []
    names = dict.fromkeys(tag.name for tag in (*source.tags, *target.tags))
    for name in names:
        found += _counted(row, name, source, target)
    turned = Counter(opening.name for _, opening in source.reversed)
    for closing, opening in target.reversed:
        if turned[opening.name] > 0:
            turned[opening.name] -= 1
            continue
        inside = target.text[closing.end : opening.start]
        found.append(Failure(row, "reversed", opening.name, inside[:200], (closing.start, opening.end)))
    known = {frozenset((a.name, b.name)) for a, b in _overlapping(source)}
    for one, two in _overlapping(target):
        if frozenset((one.name, two.name)) not in known:
            at = (max(one.start, two.start), min(one.end, two.end))
            found.append(Failure(row, "nested", f"{one.name} {two.name}", target.text[slice(*at)][:200], at))
    bare = Counter(span.name for span in source.spans if not source.inner(span).strip())
    for span in target.spans:
        if target.inner(span).strip():
            continue
        bare[span.name] -= 1
        if bare[span.name] < 0:
            found.append(Failure(row, "empty", span.name, "", (span.start, span.end)))
    split = {(tag.name, tag.closes) for tag in splits(source.text, source.tags)}
    seen: set[str] = set()
    for tag in splits(target.text, target.tags):
        if (tag.name, tag.closes) not in split and tag.name not in seen:
            seen.add(tag.name)
            word = target.text[max(0, tag.start - 20) : tag.end + 20]
            found.append(Failure(row, "split_in_word", tag.name, word, (tag.start, tag.end)))
    return [replace(one, in_target=one.kind in IN_TARGET) for one in found]


def _counted(row: int, name: str, source: Marked, target: Marked) -> list[Failure]:
    """More or fewer opening or closing tags of one name than the source has."""
    here = [source.counts[name, closes] for closes in (False, True)]
    there = [target.counts[name, closes] for closes in (False, True)]
    lost = max(0, *(a - b for a, b in zip(here, there, strict=True)))
    more = max(0, *(b - a for a, b in zip(here, there, strict=True)))
    if not lost and not more:
        return []
    spans = [span for span in source.spans if span.name == name]
    own = [span for span in target.spans if span.name == name]
    found = []
    missing: list[Span | None] = [*spans[max(0, len(spans) - lost) :], *[None] * lost]
    for span in missing[:lost]:
        text, at = ("", None) if span is None else (source.inner(span), (span.start, span.end))
        found.append(Failure(row, "dropped", name, text[:200], at))
    kind = "doubled" if max(here) else "added"
    tags = [tag for tag in target.tags if tag.name == name]
    for i in range(len(own) - more, len(own)):
        at = (own[i].start, own[i].end) if i >= 0 else (tags[-1].start, tags[-1].end)
        found.append(Failure(row, kind, name, target.text[slice(*at)][:200], at))
    return found


def _overlapping(text: Marked) -> list[tuple[Span, Span]]:
    """Each span that begins before another that began earlier has ended, with the last such one."""
    found: list[tuple[Span, Span]] = []
    open_: list[Span] = []
    for span in sorted(text.spans, key=lambda one: one.opening.start):
        open_ = [one for one in open_ if one.closing.end > span.opening.start]
        if open_:
            found.append((open_[-1], span))
        open_.append(span)
    return found

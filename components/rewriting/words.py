"""What became of a span, its type, and figures of pairs, in words of the visit's language."""

from __future__ import annotations

from components.parts.spoken import later, say
from components.parts.told import clauses, told
from isogloss.rewriting.span import titled

_KINDS = (
    *(later("kept"), later("moved"), later("changed"), later("lost"), later("added"), later("not translated")),
    *(later("dropped"), later("doubled"), later("reversed"), later("nested"), later("empty"), later("split in word")),
    *(later("duplicate"), later("copy"), later("number differs"), later("length ratio"), later("hub")),
    *(later("high margin low similarity"), later("unchanged"), later("odd length"), later("any")),
)
_TYPES = (
    *(later("code"), later("e-mail"), later("hashtags"), later("numbers"), later("placeholders"), later("tags")),
    *(later("units"), later("addresses"), later("text"), later("intent"), later("pair"), later("number")),
    later("entity"),
)
_FIGURES = (
    *(
        later("pairs intact"),
        later("translated"),
        later("likeness"),
        later("duplicates"),
        later("copies"),
        later("untranslated"),
    ),
    *(later("odd lengths"), later("displacement"), later("random word"), later("share switched"), later("difference")),
    *(later("direction"), later("remainder"), later("suspicious"), later("p at 1")),
)


def kind_said(kind: str) -> str:
    """What went wrong, or right.

    >>> kind_said("not_translated")
    'not translated'
    """
    return say(kind.replace("_", " "))


def type_said(what: str) -> str:
    """A type of span, or of another thing, within a sentence.

    >>> type_said("url"), type_said("json")
    ('addresses', 'JSON')
    """
    return say(titled(what))


def figure_said(name: str) -> str:
    """The name of a figure.

    >>> figure_said("pairs_intact")
    'pairs intact'
    """
    return say(name.replace("_", " "))


def finding_said(said: str) -> str:
    """The sentence of a profile: known as a whole, or clause by clause.

    >>> finding_said("2 of 3 pairs lost or changed a protected span; 1 was not translated at all.")
    '2 of 3 pairs lost or changed a protected span; 1 was not translated at all.'
    """
    if (whole := told(said)) != said:
        return whole
    return say("{sentence}.", sentence=clauses(said.removesuffix(".")))

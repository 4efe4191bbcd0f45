"""The card of a model that was trimmed or has grown: README.md of its folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isogloss.figure import Figure

if TYPE_CHECKING:
    from isogloss.vocabulary.kept import Choice
    from isogloss.vocabulary.trim import Trimmed


def told(figure: Figure, *, percent: bool = False) -> str:
    """A figure in a line of text: value, interval, n.

    >>> told(Figure(value=0.25, n=4, low=0.05, high=0.7), percent=True)
    '25.0% (5.0% to 70.0%), n = 4'
    """
    form = "{:.1%}" if percent else "{:.2f}"
    if not figure.known:
        return "unknown"
    said = form.format(figure.value)
    if figure.interval is not None:
        said += f" ({form.format(figure.interval[0])} to {form.format(figure.interval[1])})"
    return f"{said}, n = {figure.n:,}"


def bare(text: str) -> str:
    """A name as plain text in Markdown: what could be a sign is taken out."""
    return "".join(letter for letter in text if letter.isalnum() or letter in " -_.,@/")[:120]


def card_of(found: Trimmed, choice: Choice) -> str:
    """Of a trimmed model."""
    rule = f"the {choice.top:,} most frequent tokens" if choice.top else f"tokens seen {choice.min_frequency}× or more"
    also = f", all of {', '.join(map(bare, choice.scripts))}" if choice.scripts else ""
    sizes = f"- parameters: {found.parameters[0]:,} → {found.parameters[1]:,}\n" if found.parameters else ""
    return (
        "---\ntags: [vocabulary-trimming]\n---\n\n"
        f"# {bare(found.model)}, trimmed\n\nMade with Isogloss: {rule}{also} of {found.lines:,} lines stay, beside"
        f" special tokens. Rows of tokens that stay are those of the model, bit for bit.\n\n"
        f"- tokens: {found.tokens[0]:,} → {found.tokens[1]:,} ({found.kind})\n{sizes}"
        f"- held-out lines cut as before: {told(found.coverage, percent=True)}\n"
        f"- subwords a word: {told(found.fertility[0])} → {told(found.fertility[1])}\n"
        f"- unknown characters: {told(found.unknown[0], percent=True)} → {told(found.unknown[1], percent=True)}\n"
        f"- Jensen–Shannon divergence of the tokens (base 2): {found.divergence:.4f}\n\n"
        "A text whose tokens all stay is cut as before and has the same vector. Others are not: measure on text of your"
        " own. A word that WordPiece gave up as a whole may now be cut into pieces.\n"
    )

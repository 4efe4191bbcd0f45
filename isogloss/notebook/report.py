"""A report of cases: one HTML file that asks nothing of a network and runs no script, Markdown, and tables for LaTeX.

What users wrote is text in all of them: it is escaped for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape

from isogloss import __version__
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure, Survival
from isogloss.notebook.replay import shown

_HEADS = ("figure", "value", "95% interval", "n", "95% of chance below")
_NEAR = 15
_VARIED = ("varied", "finding", "figures")
STANDS = {True: "stands", False: "falls", None: "not computed"}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.55 system-ui, "Noto Sans", sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2.4rem 0 .3rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; margin: .6rem 0; }
th, td { text-align: start; padding: .2rem .9rem .2rem 0; border-bottom: 1px solid #8886; }
code, pre { font: .85rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.quiet { opacity: .75; font-size: .9rem; } .comment { white-space: pre-wrap; }
.bar { fill: #0072b2; } .rail { stroke: #888; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_TEX = {
    **{one: f"\\{one}" for one in "&%$#_{}"},
    **{"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"},
    **{"<": r"\textless{}", ">": r"\textgreater{}", '"': r"\textquotedbl{}", "|": r"\textbar{}"},
}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$&:=@^])")
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_html(cases: Sequence[Case]) -> str:
    """One file: figures with their intervals, neighbors, lines, comments, commands, and how to cite each."""
    return "\n".join(_html(cases)) + "\n"


def _html(cases: Sequence[Case]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_n(cases)} · Isogloss</title><style>{_STYLE}</style></head><body><main>"
    yield f"<h1>{_n(cases)}</h1>"
    told = f"Isogloss {escape(__version__)}. Each figure is what its command printed when it was kept."
    yield f'<p class="quiet">{told}</p>'
    for case in cases:
        yield f"<section><h2><bdi>{_h(case.title or 'untitled')}</bdi></h2>"
        yield f'<p class="quiet">{_h(case.view.page)} · {_h(case.created[:10])} · {_h(_came(case))}</p>'
        if case.comment:
            yield f'<p class="comment"><bdi>{_h(case.comment)}</bdi></p>'
        if case.tags:
            yield f'<p class="quiet">Tags: <bdi>{_h(", ".join(case.tags))}</bdi></p>'
        if case.figures:
            yield f"<table><tr>{''.join(f'<th>{one}</th>' for one in (*_HEADS, ''))}</tr>"
            for one in case.figures:
                cells = "".join(f"<td><bdi>{_h(cell)}</bdi></td>" for cell in _row(one))
                yield f"<tr>{cells}<td>{_bar(one)}</td></tr>"
            yield "</table>"
        if case.survival:
            yield f'<p class="quiet"><bdi>{_h(_survived(case.survival))}</bdi></p>'
            yield f"<table><tr>{''.join(f'<th>{one}</th>' for one in _VARIED)}</tr>"
            for row in _varied(case.survival):
                yield f"<tr>{''.join(f'<td><bdi>{_h(cell)}</bdi></td>' for cell in row)}</tr>"
            yield "</table>"
        for space, items in case.neighbors.items():
            yield f"<p><strong><bdi>{_h(space)}</bdi></strong>: <bdi>{_h(', '.join(items[:_NEAR]))}</bdi></p>"
        for line in case.lines:
            yield f"<blockquote><bdi>{_h(line)}</bdi></blockquote>"
        if case.command:
            yield f"<pre><code>{_h(case.command_line)}</code></pre>"
        yield f'<p class="quiet">{_h(cite(case))}</p></section>'
    yield "</main></body></html>"


def _bar(one: KeptFigure) -> str:
    """The value between 0 and 1 with its interval, as a picture; nothing for other values."""
    value = one.value
    if isinstance(value, bool | str) or value is None or not 0 <= value <= 1 or isinstance(value, int):
        return ""
    low, high = (min(max(float(end), 0.0), 1.0) for end in (value if one.low is None else one.low, one.high or value))
    told = f"{shown(value)} on a line from 0 to 1"
    ends = f'<line class="rail" x1="{100 * low:.1f}" x2="{100 * high:.1f}" y1="6" y2="6" stroke-width="3"/>'
    rail = '<line class="rail" x1="0" x2="100" y1="6" y2="6" stroke-width=".5"/>'
    dot = f'<circle class="bar" cx="{100 * value:.1f}" cy="6" r="3.5"/>'
    return f'<svg width="110" height="12" viewBox="-4 0 108 12" role="img" aria-label="{told}">{rail}{ends}{dot}</svg>'


def to_markdown(cases: Sequence[Case]) -> str:
    """Headings, tables and commands; every sign of a user's text stands for itself."""
    out = [f"# {_n(cases)}", ""]
    for case in cases:
        out += [f"## {_m(case.title or 'untitled')}", ""]
        out += [f"{_m(case.view.page)}, {_m(case.created[:10])}, {_m(_came(case))}", ""]
        out += [_m(case.comment), ""] if case.comment else []
        out += [f"Tags: {_m(', '.join(case.tags))}", ""] if case.tags else []
        if case.figures:
            out += [f"| {' | '.join(_HEADS)} |", f"|{' --- |' * len(_HEADS)}"]
            out += [f"| {' | '.join(map(_m, _row(one)))} |" for one in case.figures]
            out.append("")
        if case.survival:
            out += [_m(_survived(case.survival)), "", f"| {' | '.join(_VARIED)} |", f"|{' --- |' * len(_VARIED)}"]
            out += [*(f"| {' | '.join(map(_m, row))} |" for row in _varied(case.survival)), ""]
        for space, items in case.neighbors.items():
            out += [f"**{_m(space)}**: {_m(', '.join(items[:_NEAR]))}", ""]
        out += [f"> {_m(line)}\n" for line in case.lines]
        if case.command:
            out += [f"    {' '.join(_seen(case.command_line).split())}", ""]
        out += [_m(cite(case)), ""]
    return "\n".join(out)


def to_latex(cases: Sequence[Case]) -> str:
    """A table for each case, for `booktabs`; write it with LuaLaTeX or XeLaTeX where words are in many scripts."""
    out = ["% \\usepackage{booktabs}"]
    for case in cases:
        out += ["", "\\begin{table}", "\\centering", "\\begin{tabular}{lrrrr}", "\\toprule"]
        out += [" & ".join(map(tex, _HEADS)) + " \\\\", "\\midrule"]
        out += [" & ".join(map(tex, _row(one))) + " \\\\" for one in case.figures]
        told = ". ".join(filter(None, (case.title, case.comment[:1_000], cite(case))))
        out += ["\\bottomrule", "\\end{tabular}"]
        if case.survival:
            out += ["", "\\begin{tabular}{lll}", "\\toprule", " & ".join(map(tex, _VARIED)) + " \\\\", "\\midrule"]
            out += [" & ".join(map(tex, row)) + " \\\\" for row in _varied(case.survival)]
            out += ["\\bottomrule", "\\end{tabular}"]
        out += [
            f"\\caption{{{tex(told)}}}",
            f"\\label{{case:{case.id}}}",
            "\\end{table}",
        ]
    return "\n".join(out) + "\n"


def cite(case: Case) -> str:
    """One line that names the collection, its fingerprints, the version and the link."""
    prints = ", ".join(one[:12] for one in case.fingerprints.values())
    of = f"collection {case.collection}" if case.collection else ""
    told = (
        of,
        f"fingerprints {prints}" if prints else "",
        f"Isogloss {case.version}",
        case.view.link,
        f"case {case.id}",
    )
    return ", ".join(filter(None, told))


def _came(case: Case) -> str:
    if case.how == "random":
        return f"drawn at random with probability {case.probability:.4g}" + (
            f" from {case.stratum}" * bool(case.stratum)
        )
    return f"found by the rule {case.rule}" if case.how == "rule" else "picked"


def _row(one: KeptFigure) -> tuple[str, ...]:
    interval = f"{shown(one.low)} to {shown(one.high)}" if one.low is not None and one.high is not None else ""
    n = "" if one.n is None else f"{one.n:,}"
    return (one.name, shown(one.value), interval, n, "" if one.null_p95 is None else shown(one.null_p95))


def _survived(found: Survival) -> str:
    return f"What it survives: {found.stood} of {found.computed}. It stands where: {found.rule}"


def _varied(found: Survival) -> Iterator[tuple[str, ...]]:
    for one in found.variations:
        told = ", ".join(f"{figure.name} {shown(figure.value)}" for figure in one.figures[:3])
        yield one.what, STANDS[one.stands], told or one.why


def _n(cases: Sequence[Case]) -> str:
    return f"{len(cases):,} case{'s' * (len(cases) != 1)}"


def _seen(text: str) -> str:
    return _UNSEEN.sub("\ufffd", text)


def _h(text: str) -> str:
    return escape(_seen(text))


def _m(text: str) -> str:
    """Text for Markdown, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(_seen(text).split()))


def tex(text: str) -> str:
    """Text for LaTeX, on one line.

    >>> tex("50 % of a_b")
    '50 \\\\% of a\\\\_b'
    """
    return "".join(_TEX.get(letter, letter) for letter in " ".join(_seen(text).split()))

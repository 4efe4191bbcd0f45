"""What is to be aligned: two spaces, anchors, words to test on, methods and their parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pyarrow as pa
import streamlit as st

from components.parts.spoken import count, later, say
from components.shell import state
from components.shell.cached import collection_versions, open_collection
from components.shell.frame import NotYet, note
from components.shell.intake import kept, pick_files
from components.shell.pickers import pick_said
from isogloss.alignment.anchors.dictionary import CASES, Dictionary, as_spelt, coverage
from isogloss.alignment.anchors.lexicon import languages
from isogloss.alignment.anchors.source import AnchorSource
from isogloss.alignment.learning import Learning
from isogloss.alignment.method import METHODS, Declared, Value, declared
from isogloss.alignment.preprocess import DEFAULT
from isogloss.alignment.setup import LIMIT, Place, Setup, first
from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.spaces.reference import Reference
from isogloss.spaces.space import Space

OPENS_WITH = ("procrustes", "vecmap")
KINDS = (later("lexicon"), later("identical strings"), later("file"), later("typed"), later("none"))
TESTS = (later("held out"), "lexicon", "file")
_CASES = (later("lower"), later("exact"))  # of the engine
DEMO = ("novels-en/English", "novels-fr/French")
Languages = tuple[str, str]  # of source and target, "" where nobody knows
_MOST_TYPED = 200_000


@dataclass(frozen=True)
class Asked:
    """script_filter: test against targets of one script only. sides: source and target of the setup."""

    setup: Setup
    methods: tuple[str, ...]
    languages: Languages
    script_filter: bool
    sides: tuple[Reference, Reference]


def space_of(place: Place) -> Space:
    """A space of a collection at hand. Raises InvalidValue, NotFound or StoreError."""
    if not isinstance(place, Reference):
        raise InvalidValue(say("{name} is a file", name=place.name), say("import it on the page Data"))
    return open_collection(place.collection)[place.space]


def language_of(side: Reference) -> str:
    """The language that a space, or its collection, names; "" for none."""
    collection = open_collection(side.collection)
    return str(space_of(side).metadata.get("language") or collection.metadata.get("language") or "")


@st.cache_data(show_spinner=False, max_entries=8)
def _spaces(versions: tuple[tuple[str, str, int], ...]) -> list[str]:
    found = []
    for name, _, _ in versions:
        try:
            found += [str(Reference(name, space)) for space in open_collection(name).names]
        except (NotFound, StoreError):  # a damaged one is told of on its own page
            continue
    return found


def pick_alignment() -> Asked:
    """All choices, and how much the anchors cover before anything runs. Raises InvalidValue, NotFound."""
    source, target = _pick_spaces()
    told = language_of(source), language_of(target)
    known = tuple(code if code in languages() else "" for code in told)
    differ = all(known) and known[0] != known[1]
    kinds = list(KINDS) if languages() else list(KINDS[1:])
    default = "lexicon" if differ else "identical strings"
    state.check_bound({"anchors": kinds}, {"anchors": default})
    kind = pick_said(
        st.selectbox,
        say("Anchors"),
        kinds,
        key="anchors",
        default=default,
        help=(
            say(
                "Pairs that mean the same. lexicon: GATITOS, 173 languages with English. identical strings: items"
                " spelt alike. file: two columns (MUSE, xling TSV). none: self-learning alone."
            )
        ),
    )
    anchors, spoken = _anchors(kind, known, "train")
    test, spoken_test = _pick_test(kind, known)
    share = 0.25
    if test is None:
        share = st.slider(
            say("Held out to test on"),
            0.05,
            0.9,
            0.25,
            0.05,
            key="share",
            bind="query-params",
            help=say("Of the anchors' source words, drawn by the seed; none of them is trained on."),
        )
    names = [name for name in METHODS if kind != "none" or METHODS[name].unsupervised]
    opens = [name for name in names if name in OPENS_WITH] or names[:1]
    titles = {METHODS[name].title: name for name in names}
    chosen = st.pills(
        say("Methods"),
        list(titles),
        default=[METHODS[name].title for name in opens],
        selection_mode="multi",
        key=f"methods{'-none' * (kind == 'none')}",
        bind="query-params",
        wrap=True,
        help=say("Each learns from the same anchors on the same vectors."),
    )
    script = st.toggle(
        say("Only targets in one script"),
        key="script",
        bind="query-params",
        help=(
            say(
                "Leaves targets out that are not in the script of most anchors: how much of the errors is a mixed"
                " vocabulary?"
            )
        ),
    )
    clean = kind != "none" and st.toggle(
        say("Drop suspicious anchors"),
        key="clean",
        bind="query-params",
        help=(
            say(
                "Trains without the anchors that lie far from their partner under a map of all the others; see"
                " Diagnostics."
            )
        ),
    )
    state.check_bound({"case": list(CASES)}, {"case": CASES[0]})
    case = pick_said(
        st.segmented_control,
        say("Case of dictionary words"),
        CASES,
        key="case",
        default=CASES[0],
        help=(
            say(
                "lower: a word is taken in lower case where its space has only that. exact: words as they are written,"
                " as VecMap and fastText take them. The figures differ: both stand above the results."
            )
        ),
    )
    learning, limit = _parameters()
    if not chosen:
        raise NotYet(say("no method is chosen"), say("choose one or more"))
    setup = Setup(
        source,
        target,
        anchors=anchors,
        test=test,
        share=share,
        limit=limit,
        leave_out=bool(clean),
        learning=learning,
        case=case,
    )
    first_told, second_told = (a or b or c for a, b, c in zip(spoken, spoken_test, told, strict=True))
    _show_coverage(setup)
    methods = tuple(name for title, name in titles.items() if title in chosen)
    return Asked(setup, methods, (first_told, second_told), bool(script), (source, target))


def _pick_spaces() -> tuple[Reference, Reference]:
    options = _spaces(collection_versions())
    if len(options) < 2:
        raise InvalidValue(say("there are fewer than two spaces"), say("import vectors on the page Data"))
    collection = state.read("collection")
    own = [one for one in options if Reference.parse(one).collection == collection]
    pair = (own[0], own[-1]) if len(own) > 1 else DEMO if set(DEMO) <= set(options) else (options[0], options[-1])
    state.check_bound({"source": options, "target": options}, {"source": pair[0], "target": pair[1]})
    source = st.selectbox(say("Source"), options, index=options.index(pair[0]), key="source", bind="query-params")
    target = st.selectbox(say("Target"), options, index=options.index(pair[1]), key="target", bind="query-params")
    if source == target:
        raise InvalidValue(say("source and target are one space"), say("choose two"))
    return Reference.parse(source), Reference.parse(target)


def _anchors(kind: str, known: tuple[str, ...], key: str) -> tuple[AnchorSource, Languages]:
    """Where the anchors come from, and the languages that were chosen for them."""
    if kind == "lexicon":
        codes = list(languages())
        start = [codes.index(code or other) for code, other in zip(known, ("en", "fr"), strict=True)]
        left, right = st.columns(2)
        one = left.selectbox(say("Source language"), codes, index=start[0], key=f"{key}-from", bind="query-params")
        other = right.selectbox(say("Target language"), codes, index=start[1], key=f"{key}-to", bind="query-params")
        if one == other:
            raise InvalidValue(
                say("both languages are {one!r}", one=one),
                say("choose identical strings for one language, or two languages"),
            )
        return AnchorSource(kind="lexicon", source=one, target=other), (one, other)
    if kind == "identical strings":
        return AnchorSource(kind="identical"), ("", "")
    if kind == "none":
        return AnchorSource(kind="unsupervised"), ("", "")
    if kind == "typed":
        typed = st.text_area(
            "Pairs",
            key=f"{key}-typed",
            height=160,
            max_chars=_MOST_TYPED,
            placeholder="peace paix\nwar guerre",
            help=say("A source word and its translation a line, by a space or a tab."),
        )
        if not typed.strip():
            raise NotYet(say("no pairs are typed yet"), say("write a source word and its translation a line"))
        return AnchorSource(kind="file", path=kept(typed.encode("utf-8"), "pairs.txt").path), ("", "")
    files = pick_files(say("Dictionary"), f"{key}-file", help=say("A source and a target a line, by a tab or a space"))
    if not files:
        raise NotYet(
            say("no dictionary is given yet"), say("choose a dictionary: drop a file with a source and a target a line")
        )
    left, right = st.columns(2)
    columns = (
        left.number_input(say("Source column"), 1, 99, 1, key=f"{key}-column-from"),
        right.number_input(say("Target column"), 1, 99, 2, key=f"{key}-column-to"),
    )
    return AnchorSource(kind="file", path=files[0].path, columns=columns), ("", "")


def _pick_test(kind: str, known: tuple[str, ...]) -> tuple[AnchorSource | None, Languages]:
    tests = list(TESTS if kind != "none" else TESTS[1:])
    state.check_bound({"test": tests}, {"test": tests[0]})
    how = pick_said(
        st.selectbox,
        say("Test words"),
        tests,
        key="test",
        default=tests[0],
        help=say(
            "Nothing looks at them before the maps are learnt. Sources that stand among the anchors are left out."
        ),
    )
    return (None, ("", "")) if how == "held out" else _anchors(how, known, "test")


def _parameters() -> tuple[Learning, int]:
    """How to learn, and how many items take part; the parameters of the methods are those that they declare."""
    with st.expander(say("Parameters")):
        steps = st.text_input(
            say("Preprocessing"),
            ",".join(DEFAULT),
            key="steps",
            bind="query-params",
            max_chars=60,
            help=say("unit and center, by commas"),
        )
        limit = st.number_input(
            say("Most frequent items"), 100, 2_000_000, LIMIT, 1_000, key="limit", bind="query-params"
        )
        seed = st.number_input(say("Seed"), 0, 1_000_000, 0, key="seed", bind="query-params")
        given = {name: _pick(one) for name, one in declared().items()}
    chosen = tuple(part.strip() for part in steps.split(",") if part.strip())
    return Learning(chosen, given, int(seed)), int(limit)


def _pick(one: Declared) -> Value:
    """A widget for a parameter: a switch, or a number within its bounds."""
    told, default, hint = one.field.metadata, one.default, one.field.metadata["help"]
    more: dict[str, Any] = {"key": told["key"] or one.name, "bind": "query-params", "help": say(hint) or None}
    if isinstance(default, bool):
        return bool(st.toggle(say(one.label), default, **more))
    found: int | float = st.number_input(say(one.label), told["low"], told["high"], default, told["step"], **more)
    return type(default)(found)


def _show_coverage(setup: Setup) -> None:
    if setup.anchors.kind == "unsupervised":
        note(say("No anchors: the shapes of the two spaces alone must give the pairs."))
        return
    prints = tuple(space_of(place).fingerprint for place in (setup.source, setup.target))
    bands, n, both, found = _coverage(setup.anchors.spelling, prints, setup.limit, setup.case, setup)
    again = (
        count(" ({n:,} repeated line dropped)", " ({n:,} repeated lines dropped)", found.repeated)
        if found.repeated
        else ""
    )
    note(
        say(
            "{both:,} of {n:,} anchors are in both spaces{again}. Of their source words, by frequency rank:",
            both=both,
            n=n,
            again=again,
        )
    )
    table = {
        "rank": [b for b, _, _ in bands],
        "source": [h for _, h, _ in bands],
        "both": [t for _, _, t in bands],
    }
    st.dataframe(pa.table(table), hide_index=True, alt=say("Anchors covered in each band of frequency"))
    for said in found.said:
        note(f"{escape(said[:1].upper() + said[1:])}.")
    if "train-column-from" in st.session_state and any("wrong way round" in said for said in found.said):
        st.button(say("Turn it round"), key="turn", on_click=_turn, args=(setup.anchors.columns,))


def _turn(columns: tuple[int, int]) -> None:
    """Exchange the columns of the dictionary that is read from a file."""
    st.session_state["train-column-from"], st.session_state["train-column-to"] = columns[1], columns[0]


@st.cache_data(show_spinner=False, max_entries=32)
def _coverage(
    anchors: str, prints: tuple[str, ...], limit: int, case: str, _setup: Setup
) -> tuple[list[tuple[str, int, int]], int, int, Dictionary]:
    one, two = (first(space_of(place), limit) for place in (_setup.source, _setup.target))
    found = as_spelt(_setup.anchors.dictionary(one, two), one, two, case=case)
    return coverage(found, one, two), len(found), len(found.rows(one, two)[0]), replace(found, pairs=())

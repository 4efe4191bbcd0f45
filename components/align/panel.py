"""What is to be aligned: two spaces, anchors, words to test on, methods and their parameters."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import streamlit as st

from components.shell import state
from components.shell.cached import collection_names, open_collection
from components.shell.frame import note
from components.shell.intake import kept, pick_files
from isogloss.alignment.anchors import coverage
from isogloss.alignment.lexicon import as_spelt, languages
from isogloss.alignment.methods.method import Parameters
from isogloss.alignment.preprocess import DEFAULT
from isogloss.alignment.setup import LIMIT, Setup, anchors_of, first
from isogloss.errors import InvalidValue, NotFound, StoreError
from isogloss.spaces.space import Space

NAMES = {
    "Procrustes": "procrustes",
    "Ridge": "ridge",
    "Refinement": "refine",
    "RCSLS": "rcsls",
    "VecMap": "vecmap",
    "Self-learning": "vecmap-self",
}
TITLES = {method: title for title, method in NAMES.items()}
KINDS = ("lexicon", "identical strings", "file", "typed", "none")
TESTS = ("held out", "lexicon", "file")
DEMO = ("novels-en/English", "novels-fr/French")
_MOST_TYPED = 200_000


@dataclass(frozen=True)
class Asked:
    """languages: of source and target, "" where nobody knows. script_filter: test against targets of one script
    only.
    """

    setup: Setup
    methods: tuple[str, ...]
    languages: tuple[str, str]
    script_filter: bool


def space_of(named: str) -> Space:
    """A space by COLLECTION/SPACE. Raises NotFound or StoreError."""
    collection, _, name = named.partition("/")
    return open_collection(collection)[name]


def language_of(named: str) -> str:
    """The language that a space, or its collection, names; "" for none."""
    collection = open_collection(named.partition("/")[0])
    told = space_of(named).metadata.get("language") or collection.metadata.get("language") or ""
    return str(told)


@st.cache_data(show_spinner=False, max_entries=8)
def _spaces(folders: tuple[str, ...]) -> list[str]:
    found = []
    for name in folders:
        try:
            found += [f"{name}/{space}" for space in open_collection(name).names]
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
    kind = st.selectbox(
        "Anchors",
        kinds,
        index=kinds.index(default),
        key="anchors",
        bind="query-params",
        help=(
            "Pairs that mean the same. lexicon: GATITOS, 173 languages with English. identical strings: items spelt"
            " alike. file: two columns (MUSE, xling TSV). none: self-learning alone."
        ),
    )
    anchors, spoken = _anchors(kind, known, "train")
    test, spoken_test = _pick_test(kind, known)
    share = 0.25
    if not test:
        share = st.slider(
            "Held out to test on",
            0.05,
            0.9,
            0.25,
            0.05,
            key="share",
            bind="query-params",
            help="Of the anchors' source words, drawn by the seed; none of them is trained on.",
        )
    default_methods = ["Self-learning"] if kind == "none" else ["Procrustes", "VecMap"]
    names = list(NAMES) if kind != "none" else ["Self-learning"]
    chosen = st.pills(
        "Methods",
        names,
        default=default_methods,
        selection_mode="multi",
        key=f"methods{'-none' * (kind == 'none')}",
        bind="query-params",
        wrap=True,
        help="Each learns from the same anchors on the same vectors.",
    )
    script = st.toggle(
        "Only targets in one script",
        key="script",
        bind="query-params",
        help=(
            "Leaves targets out that are not in the script of most anchors: how much of the errors is a mixed"
            " vocabulary?"
        ),
    )
    clean = kind != "none" and st.toggle(
        "Drop suspicious anchors",
        key="clean",
        bind="query-params",
        help=(
            "Trains without the anchors that lie far from their partner under a map of all the others; see Diagnostics."
        ),
    )
    steps, limit, parameters = _parameters()
    if not chosen:
        raise InvalidValue("no method is chosen", "choose one or more")
    setup = Setup(source, target, anchors, test, share, limit, bool(clean), steps, parameters)
    spoken = tuple(a or b or c for a, b, c in zip(spoken, spoken_test, told, strict=True))
    _show_coverage(setup)
    return Asked(setup, tuple(NAMES[name] for name in NAMES if name in chosen), (spoken[0], spoken[1]), bool(script))


def _pick_spaces() -> tuple[str, str]:
    options = _spaces(tuple(collection_names()))
    if len(options) < 2:
        raise InvalidValue("there are fewer than two spaces", "import vectors on the page Data")
    collection = state.read("collection")
    own = [one for one in options if one.partition("/")[0] == collection]
    pair = (own[0], own[-1]) if len(own) > 1 else DEMO if set(DEMO) <= set(options) else (options[0], options[-1])
    state.check_bound({"source": options, "target": options}, {"source": pair[0], "target": pair[1]})
    source = st.selectbox("Source", options, index=options.index(pair[0]), key="source", bind="query-params")
    target = st.selectbox("Target", options, index=options.index(pair[1]), key="target", bind="query-params")
    if source == target:
        raise InvalidValue("source and target are one space", "choose two")
    return source, target


def _anchors(kind: str, known: tuple[str, ...], key: str) -> tuple[str, tuple[str, str]]:
    """Anchors by the name that a setup has for them, and the languages that were chosen for them."""
    if kind == "lexicon":
        codes = list(languages())
        start = [codes.index(code or other) for code, other in zip(known, ("en", "fr"), strict=True)]
        left, right = st.columns(2)
        one = left.selectbox("Source language", codes, index=start[0], key=f"{key}-from", bind="query-params")
        other = right.selectbox("Target language", codes, index=start[1], key=f"{key}-to", bind="query-params")
        if one == other:
            raise InvalidValue(
                f"both languages are {one!r}", "choose identical strings for one language, or two languages"
            )
        return f"lexicon:{one}:{other}", (one, other)
    if kind == "identical strings":
        return "identical", ("", "")
    if kind == "none":
        return "unsupervised", ("", "")
    if kind == "typed":
        typed = st.text_area(
            "Pairs",
            key=f"{key}-typed",
            height=160,
            max_chars=_MOST_TYPED,
            placeholder="peace paix\nwar guerre",
            help="A source word and its translation a line, by a space or a tab.",
        )
        if not typed.strip():
            raise InvalidValue("no pairs are typed yet", "write a source word and its translation a line")
        return str(kept(typed.encode("utf-8"), "pairs.txt").path), ("", "")
    files = pick_files("Dictionary", f"{key}-file", help="A source and a target a line, by a tab or a space")
    if not files:
        raise InvalidValue("no dictionary is given yet", "drop a file with a source and a target a line")
    left, right = st.columns(2)
    one = left.number_input("Source column", 1, 99, 1, key=f"{key}-column-from")
    other = right.number_input("Target column", 1, 99, 2, key=f"{key}-column-to")
    path = str(files[0].path)
    return path if (one, other) == (1, 2) else f"columns:{one:.0f}:{other:.0f}:{path}", ("", "")


def _pick_test(kind: str, known: tuple[str, ...]) -> tuple[str, tuple[str, str]]:
    tests = list(TESTS if kind != "none" else TESTS[1:])
    state.check_bound({"test": tests}, {"test": tests[0]})
    how = st.selectbox(
        "Test words",
        tests,
        key="test",
        bind="query-params",
        help="Nothing looks at them before the maps are learnt. Sources that stand among the anchors are left out.",
    )
    return ("", ("", "")) if how == "held out" else _anchors(how, known, "test")


def _parameters() -> tuple[tuple[str, ...], int, Parameters]:
    p = Parameters()
    with st.expander("Parameters"):
        steps = st.text_input(
            "Preprocessing",
            ",".join(DEFAULT),
            key="steps",
            bind="query-params",
            max_chars=60,
            help="unit and center, by commas",
        )
        limit = st.number_input("Most frequent items", 100, 2_000_000, LIMIT, 1_000, key="limit", bind="query-params")
        seed = st.number_input("Seed", 0, 1_000_000, 0, key="seed", bind="query-params")
        ridge = st.number_input("Ridge: λ", 0.0, 1e6, p.ridge, key="ridge", bind="query-params")
        rounds = st.number_input("Refinement: rounds at most", 1, 20, p.rounds, key="rounds", bind="query-params")
        frequent = st.number_input(
            "Refinement and self-learning: most frequent items",
            100,
            200_000,
            p.frequent,
            1_000,
            key="frequent",
            bind="query-params",
        )
        rate = st.number_input(
            "RCSLS: learning rate",
            0.01,
            100.0,
            p.rate,
            key="rate",
            bind="query-params",
            help="1, or 25 as in its authors' example.",
        )
        gradient = st.number_input("RCSLS: iterations", 1, 100, p.iterations, key="iterations", bind="query-params")
        spectral = st.toggle(
            "RCSLS: spectral", key="spectral", bind="query-params", help="Singular values clipped to [0, 1]."
        )
        neighbors = st.number_input(
            "RCSLS and self-learning: neighbors", 1, 100, p.neighbors, key="neighbors", bind="query-params"
        )
        negatives = st.number_input(
            "RCSLS: most frequent items to be pushed away",
            100,
            2_000_000,
            p.negatives,
            1_000,
            key="negatives",
            bind="query-params",
        )
        first_kept = st.number_input(
            "Self-learning: share of similarities kept at first",
            0.01,
            1.0,
            p.keep,
            0.05,
            key="keep-share",
            bind="query-params",
            help="Doubled when nothing improves for as many rounds as below.",
        )
        patience = st.number_input(
            "Self-learning: rounds without improvement", 1, 500, p.patience, key="patience", bind="query-params"
        )
    chosen = tuple(part.strip() for part in steps.split(",") if part.strip())
    return (
        chosen,
        int(limit),
        Parameters(
            ridge=float(ridge),
            rounds=int(rounds),
            frequent=int(frequent),
            rate=float(rate),
            iterations=int(gradient),
            neighbors=int(neighbors),
            spectral=bool(spectral),
            negatives=int(negatives),
            keep=float(first_kept),
            patience=int(patience),
            seed=int(seed),
        ),
    )


def _show_coverage(setup: Setup) -> None:
    if setup.anchors == "unsupervised":
        note("No anchors: the shapes of the two spaces alone must give the pairs.")
        return
    bands, n, both = _coverage(setup.anchors, setup.source, setup.target, setup.limit)
    note(f"{both:,} of {n:,} anchors are in both spaces. Of their source words, by frequency rank:")
    table = {
        "rank": [b for b, _, _ in bands],
        "source": [h for _, h, _ in bands],
        "both": [t for _, _, t in bands],
    }
    st.dataframe(pa.table(table), hide_index=True, alt="Anchors covered in each band of frequency")


@st.cache_data(show_spinner=False, max_entries=32)
def _coverage(anchors: str, source: str, target: str, limit: int) -> tuple[list[tuple[str, int, int]], int, int]:
    one, two = first(space_of(source), limit), first(space_of(target), limit)
    found = as_spelt(anchors_of(anchors, one, two), one, two)
    return coverage(found, one, two), len(found), len(found.rows(one, two)[0])

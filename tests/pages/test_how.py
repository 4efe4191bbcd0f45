"""How: each number of a page is what the command beside it prints, to the last digit that is shown."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from isogloss.cli.asked import asking, in_force
from isogloss.notebook.kind import KINDS
from isogloss.workspace.store import Workspace
from tests.kit.pages import html_of, opened, table_of, visit
from tests.kit.tiers import cases

pytestmark = pytest.mark.usefixtures("principal_maps")
WORDS = (
    "peace climate war neutrality trade energy radical water racism detente computer terrorism women oil Aids".split()
)
Pairs = Iterator[tuple[str, str, Any]]  # a name, the number as it is shown, and as the command prints it


def copied(at: AppTest) -> tuple[str, ...]:
    """The command that the page offers to copy, read as a shell reads it."""
    line = next(one.value for one in at.code if one.value.startswith("python -m isogloss"))
    return tuple(shlex.split(line)[3:])


def equal(shown: str, value: float) -> bool:
    """Whether a number as it is written is the value rounded to its last digit; `< .001` is less than that."""
    text = shown.replace(",", "").removeprefix("= ")
    if text.startswith("<"):
        return value < float(text[1:])
    if text.endswith("%"):
        return equal(text[:-1], 100 * value)
    digits = len(text.partition(".")[2])
    return abs(float(text) - value) <= 0.5 * 10.0**-digits + 1e-6


def of_neighbors(at: AppTest, told: Any) -> Pairs:
    for row in table_of(at, "neighbor").itertuples():
        near = told["results"][row.space][row.rank - 1]
        assert near["item"] == row.neighbor
        yield f"{row.space} {row.neighbor}", f"{row.similarity:.4f}", near["similarity"]


def of_map(at: AppTest, told: Any) -> Pairs:
    said = html_of(at)
    yield "kept", found(r"keeps (\d+%) of each one", said), told["kept_share"]
    yield "chance", found(r"random places: (\d+%)", said), told["chance_share"]
    yield "n", found(r", ([\d,]+) points", said), told["n"]


def of_drift(at: AppTest, told: Any) -> Pairs:
    said, (word,) = html_of(at), told["words"]
    d = r"(\d[\d.]*)"
    yield "distance", found(rf"{d} \(95% interval of sampling", said), word["distance"]
    yield "low", found(rf"interval of sampling {d} to", said), word["ci"][0]
    yield "high", found(rf"interval of sampling \S+ to {d}\)", said), word["ci"][1]
    yield "noise", found(rf"below {d} \([\d,]+ null", said), word["null_p95"]
    yield "p", found(r"; p ((?:=|<) [.\d]+), q", said.replace("&lt;", "<")), word["p_value"]
    yield "q", found(r", q ((?:=|<) [.\d]+) over", said.replace("&lt;", "<")), word["q_value"]
    yield "rank of", found(r"rank [\d,]+ of ([\d,]+)", said), told["n_shared"]
    yield "uses before", found(r"; ([\d,]+) uses in", said), word["count_source"]
    yield "uses after", found(r"uses in \S+, ([\d,]+) in", said), word["count_target"]
    agree = found(r"noise on (none|\d+) of", said).replace("none", "0")
    yield "measures", agree, word["agree"]["moved"]


def of_ranking(at: AppTest, told: Any) -> Pairs:
    table = table_of(at, "drift").set_index("item")
    yield "moved", found(r"iso-lead\">([\d,]+) of", html_of(at)), told["n_significant"]
    for word in told["words"]:
        if word["item"] in table.index:  # names are left out of the table
            for name, key in (("drift", "distance"), ("noise_95", "null_p95"), ("p", "p_value"), ("q", "q_value")):
                yield f"{word['item']} {name}", f"{table.loc[word['item'], name]:.6f}", word[key]


def of_scripts(at: AppTest, told: Any) -> Pairs:
    table = table_of(at, "reads").set_index("figure")
    column = [name for name in table if not name.startswith("shuffled") and name != "reads"][-1]
    names = {"η²": "eta_squared", "pooled P@1": "pooled_precision_at_1", "silhouette": "silhouette"}
    for name, key in names.items():
        value, low, high = re.findall(r"-?[\d.]+", table.loc[name, column])
        yield name, value, told[key]
        yield f"{name}, low", low, told["ci"][key][0]
        yield f"{name}, high", high, told["ci"][key][1]
        yield (
            f"{name}, p",
            found(r"p ((?:=|<) [.\d]+)", table.loc[name, f"shuffled, {column}"]),
            told["null"][key]["p_value"],
        )


def found(pattern: str, said: str) -> str:
    match = re.search(pattern, said)
    assert match, pattern
    return match[1]


Read = Callable[[AppTest, Any], Pairs]


def drawn(rng: np.random.Generator) -> tuple[str, dict[str, str], Read]:
    """A page with an address, by chance."""
    word, periods = str(rng.choice(WORDS)), ("1946-1969", "1970-1989", "1990-2006", "2007-2024")
    first, last = sorted(rng.choice(4, 2, replace=False))
    pair = {"from": periods[first], "to": periods[last]}
    measure = str(rng.choice(["cosine", "local", "jaccard", "gonen"]))
    criterion = str(rng.choice(["cosine", "csls"]))
    pages: list[tuple[str, dict[str, str], Read]] = [
        ("pages/1_Neighbors.py", {"item": word, "k": str(rng.integers(3, 20)), "criterion": criterion}, of_neighbors),
        ("pages/1_Neighbors.py", {"item": f"{word} - man + woman"}, of_neighbors),
        ("pages/2_Map.py", {"item": word}, of_map),
        ("pages/3_Drift.py", {"item": word, "measure": measure, **pair}, of_drift),
        ("pages/3_Drift.py", {"measure": measure, "names": "true", **pair}, of_ranking),
    ]
    return pages[int(rng.integers(len(pages)))]


def test_numbers_of_pages_are_what_their_commands_print() -> None:
    """Figures drawn at random from views drawn at random; each is read from the page, as it stands there."""
    rng, run, read = np.random.default_rng(18), asking(Workspace()), 0
    while read < cases(200, least=4):
        page, address, numbers = drawn(rng)
        at = opened(visit(page, **address), "how")
        command = copied(at)
        shown = list(numbers(at, run(command)))
        for one in rng.permutation(len(shown))[: max(4, len(shown) // 8)]:
            name, text, value = shown[int(one)]
            assert equal(text, value), (page, address, name, text, value, command)
            read += 1


@pytest.mark.long
def test_numbers_of_scripts_are_what_their_command_prints() -> None:
    at = opened(visit("pages/4_Scripts.py", removal="center", stage="before"), "how")
    command = copied(at)
    assert "--remove=center" in command
    for name, text, value in of_scripts(at, asking(Workspace())(command)):
        assert equal(text, value), (name, text, value)


def test_what_is_in_force_is_said_with_its_formula() -> None:
    said = html_of(opened(visit("pages/3_Drift.py", item="<img src=x>", measure="jaccard"), "how"))
    assert "|N_A ∩ N_B| / |N_A ∪ N_B|" in said
    assert "measure <bdi>jaccard</bdi>" in said
    assert "<img" not in re.sub(r"<style>.*?</style>", "", said, flags=re.DOTALL)
    command = ("scripts", "scripts", "--space=before", "--by=script", "--seed=0", "--json")
    assert in_force(command) == {
        "collection": "scripts",
        "space": "before",
        "by": "script",
        "remove": "none",
        "seed": "0",
    }


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_view_says_its_method(name: str) -> None:
    for options in ((), ("--measure=gonen",), ("--method=nonsense", "--retrieval=nonsense"), ("--remove=?",)):
        found = KINDS[name].method((name, *options, "--json"))
        assert found.formula
        assert found.source

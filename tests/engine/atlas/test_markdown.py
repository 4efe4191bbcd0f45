"""Lists of papers in the dialects that people write: what is read, what is skipped, and that nothing vanishes."""

from __future__ import annotations

import numpy as np
import pytest

from isogloss.atlas.inline import is_http
from isogloss.atlas.markdown import read_catalogue, take_catalogue
from isogloss.atlas.shipped import shipped_catalogue, shipped_names
from isogloss.errors import InvalidValue
from tests.kit.tiers import cases

ROWS = {
    "- [2024] **On words: a view.** *A et al.* [[paper](https://arxiv.org/abs/2401.00001)] [[Tool](https://g.org/t)]": (
        "On words: a view",
        2024,
        "https://arxiv.org/abs/2401.00001",
    ),
    "- On words [[Paper]](https://arxiv.org/abs/2303.18223)": ("On words", 2023, "https://arxiv.org/abs/2303.18223"),
    "* [**Word Bank**](https://x.org/bank). It has words of 1946.": ("Word Bank", 1946, "https://x.org/bank"),
    '+ (ACL 2019) "On many words", A. B., [pdf](https://x.org/a_(b).pdf)': (
        "On many words",
        2019,
        "https://x.org/a_(b).pdf",
    ),
    "1. [On words](https://aclanthology.org/P19-1001/), EMNLP": (
        "On words",
        2019,
        "https://aclanthology.org/P19-1001/",
    ),
    "- 2022/05 On *their* words, *A. B.*, [code](https://g.org/c) [paper](https://x.org/p)": (
        "On their words",
        2022,
        "https://x.org/p",
    ),
    "- [On words][ref]": ("On words", None, "https://x.org/ref"),
    '- <a href="https://x.org/h">On <b>words</b></a> NeurIPS\'21': ("On words", 2021, "https://x.org/h"),
    "- [![badge](https://b.org/i.svg)](https://x.org/s) [On words](https://x.org/w)": (
        "On words",
        None,
        "https://x.org/w",
    ),
    "- On words: https://x.org/bare.": ("On words", None, "https://x.org/bare"),
    "- On <img src=x onerror=alert(1)> [paper](https://x.org/i)": (
        "On <img src=x onerror=alert(1)>",
        None,
        "https://x.org/i",
    ),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_of_any_dialect(row: str) -> None:
    (one,) = read_catalogue(f"## S\n{row}\n\n[ref]: https://x.org/ref\n", "x").entries
    title, year, link = ROWS[row]
    assert (one.title, one.link, one.section) == (title, link, ("S",))
    assert one.year == year


def test_headings_nest_tables_are_rows_and_code_and_comments_are_none() -> None:
    told = read_catalogue(
        """# Awesome
## 1. First part
### 1.1 [Within](https://x.org)
- [A title](https://x.org/1)
  - [pdf](https://x.org/1.pdf)
- A held title
  - [Paper](https://x.org/2)
<!-- - [Hidden](https://x.org/h) -->
```
- [In code](https://x.org/c)
```

Second part
-----------
| Year | Title | Links |
|---|:--|---|
| 2020 | Of tables \\| cells | [paper](https://x.org/3), [code](https://x.org/4) |
| 2021 | [Of others](https://x.org/5) | |
""",
        "x",
    )
    assert [(one.title, one.section, one.year) for one in told.entries] == [
        ("A title", ("First part", "Within"), None),
        ("A held title", ("First part", "Within"), None),
        ("Of tables | cells", ("Second part",), 2020),
        ("Of others", ("Second part",), 2021),
    ]
    assert (told.read.read, told.read.skipped) == (4, {"duplicate": 1, "no_link": 1})


@pytest.mark.parametrize("seed", range(cases(200)))
def test_every_row_is_read_or_skipped_and_counted(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = {
        "- [Paper {n} of it](https://x.org/{n})": None,
        "- [Same paper](https://x.org/s)": "same",
        "- [up](#top)": "anchor",
        "- only words {n}": "no_link",
        "- [Run it {n}](javascript:alert(1))": "not_http",
        "- [Mail {n}](mailto:a@x.org)": "not_http",
        "- [code](https://x.org/{n})": "no_title",
        "- [" + "long " * 100 + "](https://x.org/{n})": "too_long",
    }
    rows = rng.choice(list(kinds), size=int(rng.integers(1, 40)))
    breaks = ["\n", "\n\n", "\ntext between\n\n", "\n```\n- [no](https://x.org)\n```\n"]
    text = "## S\n- [One paper](https://x.org)\n" + "".join(
        row.replace("{n}", str(n)) + str(rng.choice(breaks)) for n, row in enumerate(rows)
    )
    told = read_catalogue(text, "x")
    assert told.read.total == len(rows) + 1
    assert told.read.read == len(told.entries)
    wanted: dict[str, int] = {}
    for row in rows:
        if (why := kinds[row]) == "same":
            why = "duplicate" if wanted.setdefault("seen", 0) else None
            wanted["seen"] = 1
        if why:
            wanted[why] = wanted.get(why, 0) + 1
    wanted.pop("seen", None)
    assert told.read.skipped == wanted
    assert all(is_http(one.link) for one in told.entries)


def test_what_is_no_list_says_so(tmp_path) -> None:
    for text in ("", "# Only\n\nwords", "- a\n- b"):
        with pytest.raises(InvalidValue, match="lists no paper"):
            read_catalogue(text, "x")
    file = tmp_path / "mine.md"
    file.write_bytes("\ufeff## S\r\n- [Été à Paris](https://x.org)\r\n".encode())
    told = take_catalogue(file)
    assert (told.name, told.entries[0].title) == ("mine", "Été à Paris")


def test_the_shipped_catalogues_are_facts() -> None:
    assert {name: len(shipped_catalogue(name).entries) for name in shipped_names()} == {
        "multilingual-llm": 221,
        "alignment-with-people": 160,
    }
    for name in shipped_names():
        for one in shipped_catalogue(name).entries:
            assert is_http(one.link)
            assert one.year is None or 1990 < one.year < 2030

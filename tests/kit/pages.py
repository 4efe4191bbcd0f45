"""Pages through AppTest."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]


def visit(page: str, /, **parameters: str) -> AppTest:
    """A cold deep link: the page is the first thing the server runs."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    if page != "app.py":
        at.switch_page(page)
    for key, value in parameters.items():
        at.query_params[key] = value
    at.run()
    assert not at.exception, [e.value for e in at.exception]
    return at


def table_of(at: AppTest, column: str) -> pd.DataFrame:
    """The first table of the page that has a column."""
    return next(one.value for one in at.dataframe if column in one.value)


def html_of(at: AppTest) -> str:
    """Everything that was written as HTML: sentences, facts and errors."""
    return "\n".join(element.proto.body for element in at.get("html"))


def opened(at: AppTest, *what: str) -> AppTest:
    """The page with everything open that is behind some kinds of buttons: `how`, `cite`."""
    keys = [one for one in at.session_state.to_dict() if one.startswith(tuple(f"{kind}-" for kind in what))]
    for key in keys:
        at.session_state[key] = True
    if keys:
        at.run()
    assert not at.exception, [e.value for e in at.exception]
    return at

"""A picture as it is sent: a dictionary that was checked when it was made, or is ours and needs no checking.

Plotly builds and checks an object for every part of a figure; of a picture that only changes by a word that is most of
the time a page takes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import plotly.graph_objects as go
from plotly.basedatatypes import BaseFigure


class Drawn(BaseFigure):  # type: ignore[misc]
    """What `st.plotly_chart` takes for a figure and sends as it is. picture: `data` and `layout`, plain or encoded.

    >>> Drawn({"data": [], "layout": {"height": 3}}).to_dict()["layout"]["height"]
    3
    """

    def __init__(self, picture: dict[str, Any]) -> None:
        layout = {"template": template(), **picture["layout"]}
        object.__setattr__(self, "picture", {**picture, "layout": layout})

    def to_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = object.__getattribute__(self, "picture")
        return found


@cache
def template() -> dict[str, Any]:
    """The colours and fonts that every figure starts with; the page puts its theme in their place."""
    found: dict[str, Any] = go.Figure().to_dict()["layout"]["template"]
    return found

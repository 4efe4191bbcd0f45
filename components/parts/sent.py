"""What goes to a component of ours, in the form that costs the server least."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def sent(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same with tuples for lists, which are lists again in the browser: in a list Streamlit looks for a table,
    on every run, and loads pandas for it on the first.

    >>> sent({"words": ["a", "b"], "k": 2})
    {'words': ('a', 'b'), 'k': 2}
    """
    return {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}

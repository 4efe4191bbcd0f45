"""What was found of the documents that carry a word's drift, as it is kept among the derived things."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from isogloss.spaces.collection import Collection
from isogloss.workspace.derived import DerivedStore, derived_key


def keep_carried(store: DerivedStore, collection: Collection, value: Mapping[str, Any]) -> None:
    """value: of `Influence.as_json`."""
    key = _key(collection, *(value[name] for name in ("item", "source", "target", "within")))
    store.put(key, {"json": np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)})


def find_carried(
    store: DerivedStore, collection: Collection, item: str, *, source: str, target: str, within: str
) -> dict[str, Any] | None:
    """The same again; None where nobody looked yet, or it is damaged."""
    found = store.find(_key(collection, item, source, target, within))
    try:
        return None if found is None else dict(json.loads(found["json"].tobytes()))
    except (KeyError, TypeError, ValueError):
        return None


def _key(collection: Collection, item: str, source: str, target: str, within: str) -> str:
    return derived_key(
        "influence", 1, content=collection.fingerprint, item=item, source=source, target=target, within=within
    )

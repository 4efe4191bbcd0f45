"""A tokenizer with fewer tokens: its file rewritten, ids in their old order without gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.vocabulary.merges import joined, pairs_of
from isogloss.vocabulary.subwords import Subwords


def marks_of(subwords: Subwords) -> list[int]:
    """Ids that a tokenizer needs whatever the texts: added tokens, `<unk>`, padding, and what it puts around a text."""
    found = list(subwords.added)
    if subwords.unknown is not None:
        found.append(subwords.unknown)
    if subwords.state.get("padding"):
        found.append(int(subwords.state["padding"]["pad_id"]))
    found += _processed(subwords.state.get("post_processor"))
    return sorted({i for i in found if 0 <= i < len(subwords.tokens)})


def _processed(part: Any) -> list[int]:
    if not isinstance(part, dict):
        return []
    found = [int(i) for one in (part.get("special_tokens") or {}).values() for i in one["ids"]]
    found += [int(part[end][1]) for end in ("sep", "cls") if isinstance(part.get(end), list)]
    return found + [i for one in part.get("processors") or [] for i in _processed(one)]


def renumbered(kept: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """Old id → new, (size,); −1 for those that go."""
    new = np.full(size, -1, dtype=np.int64)
    new[kept] = np.arange(len(kept))
    return new


def rewritten(subwords: Subwords, kept: npt.NDArray[np.int64]) -> dict[str, Any]:
    """The state of a tokenizer of the kept tokens alone; merges stay whose parts and result do, in their order."""
    state = dict(subwords.state)
    new = renumbered(kept, len(subwords.tokens))
    model = dict(state["model"])
    if subwords.kind == "Unigram":
        model["vocab"] = [one for i, one in enumerate(model["vocab"]) if new[i] >= 0]
        if subwords.unknown is not None:
            model["unk_id"] = int(new[subwords.unknown])
    else:
        model["vocab"] = {token: int(new[i]) for token, i in model["vocab"].items() if new[i] >= 0}
    if subwords.kind == "BPE":
        stays, prefix = model["vocab"], model.get("continuing_subword_prefix") or ""
        model["merges"] = [list(pair) for pair in pairs_of(model) if {*pair, joined(pair, prefix)} <= stays.keys()]
    state["model"] = model
    state["added_tokens"] = [one | {"id": int(new[one["id"]])} for one in state.get("added_tokens") or []]
    if state.get("padding"):
        state["padding"] = state["padding"] | {"pad_id": int(new[state["padding"]["pad_id"]])}
    state["post_processor"] = _reprocessed(state.get("post_processor"), new)
    return state


def _reprocessed(part: Any, new: npt.NDArray[np.int64]) -> Any:
    if not isinstance(part, Mapping):
        return part
    found: dict[str, Any] = dict(part)
    if part.get("special_tokens"):
        found["special_tokens"] = {
            name: one | {"ids": [int(new[i]) for i in one["ids"]]} for name, one in part["special_tokens"].items()
        }
    for end in ("sep", "cls"):
        if isinstance(part.get(end), list):
            found[end] = [part[end][0], int(new[part[end][1]])]
    if part.get("processors"):
        found["processors"] = [_reprocessed(one, new) for one in part["processors"]]
    return found

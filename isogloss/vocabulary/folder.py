"""A model's folder written anew with other rows in its tables; everything else is copied bit for bit."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isogloss.errors import InvalidValue, StoreError, needs, reason_of
from isogloss.text.tally import Tally
from isogloss.vocabulary.model import TOKENIZER, Model, config_of
from isogloss.workspace.folders import fresh_file, fresh_folder

_SETTINGS = (".json", ".jinja")
# What says the old words in another way, or is rewritten here.
_OTHERS = {TOKENIZER, "vocab.json", "added_tokens.json", "tokenizer_config.json", "README.md"}
REPORT = "trimmed.json"  # what was measured, beside the model
_INDEX = ".safetensors.index.json"


def write_folder(
    model: Model,
    out: Path,
    *,
    tokenizer: Mapping[str, Any],
    ids: Mapping[int, int],
    rows: Callable[[str, Any], Any],
    card: str,
) -> Tally:
    """Write a model with another tokenizer and other rows. Returns what of its files was copied and what left out.

    ids: old id → new, for what settings name by id. rows: of each tensor with a row a token, by its name, what it
    becomes.
    The folder must not be there, or be empty. Raises InvalidValue, StoreError.
    """
    folder, place = model.folder, model.place
    if folder is None or place is None or model.tables is None:
        raise InvalidValue(f"{model.name[:80]} is a tokenizer alone", "name a folder that holds a model")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidValue(f"{out} is there already", "name a folder that is not there, or an empty one")
    tally = Tally()
    try:
        with fresh_folder(out.resolve().parent) as made:
            _copy(folder, made, place, tally)
            below = made / place.relative_to(folder)
            below.mkdir(parents=True, exist_ok=True)
            _weights(place, below, model.tables.names, rows, tally)
            size = len(tokenizer["model"]["vocab"])
            size = max([size - 1, *(int(one["id"]) for one in tokenizer["added_tokens"])]) + 1
            _write(below / TOKENIZER, tokenizer)
            for name in ("config.json", "generation_config.json"):
                if told := config_of(place, name):
                    _write(below / name, _renamed(told, ids, model.tables.rows, size))
            if told := config_of(place, "tokenizer_config.json"):
                _write(below / "tokenizer_config.json", _decoder(told, ids))
            (made / "README.md").write_text(card, encoding="utf-8")
            if out.is_dir():
                out.rmdir()
            os.rename(made, out)
    except OSError as error:
        raise StoreError(f"{out} cannot be written ({reason_of(error)})", "free some space, or name another") from error
    return tally


def write_report(out: Path, told: Mapping[str, Any]) -> None:
    """Raises StoreError."""
    try:
        with fresh_file(out / REPORT) as made:
            _write(made, told)
    except OSError as error:
        raise StoreError(f"{out / REPORT} cannot be written ({reason_of(error)})", "free some space") from error


def read_report(out: Path) -> Mapping[str, Any] | None:
    """None where there is none, or one that cannot be read."""
    try:
        return config_of(out, REPORT) or None
    except (InvalidValue, StoreError):
        return None


def _copy(folder: Path, made: Path, place: Path, tally: Tally) -> None:
    """Settings, and whole modules such as pooling; other formats of the same weights and words are left out."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in relative.parts):
            continue
        own = path.parent == place
        if path.name == REPORT:  # of an earlier trimming
            continue
        settings = path.suffix in _SETTINGS and not (own and path.name in _OTHERS)
        module = (
            path.suffix == ".safetensors" and not own and len(relative.parts) == 2 and relative.parts[0][:1].isdigit()
        )
        if settings or module:
            (made / relative).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, made / relative)
            tally.read += 1
        elif not own or (path.suffix != ".safetensors" and path.name not in _OTHERS):
            tally.leave_out(str(relative), "it would say the old words, or the weights in another format")


def _weights(place: Path, below: Path, names: tuple[str, ...], rows: Callable[[str, Any], Any], tally: Tally) -> None:
    with needs("encoders"):
        from safetensors import safe_open
        from safetensors.torch import load_file, save_file

    total = 0
    for file in sorted(place.glob("*.safetensors")):
        with safe_open(file, framework="np") as held:
            told = held.metadata() or {}
        tensors = load_file(file)
        for name in names:
            if name in tensors:
                tensors[name] = rows(name, tensors[name]).contiguous()
        total += sum(one.numel() * one.element_size() for one in tensors.values())
        save_file(tensors, below / file.name, metadata={"format": "pt"} | told)
        tally.read += 1
    for index in place.glob(f"*{_INDEX}"):
        found = config_of(place, index.name)
        found["metadata"] = {**found.get("metadata", {}), "total_size": total}
        _write(below / index.name, found)


def sliced(kept: npt.NDArray[np.int64]) -> Callable[[str, Any], Any]:
    """The kept rows of a tensor, bit for bit."""

    def rows(name: str, tensor: Any) -> Any:
        import torch

        return tensor[torch.from_numpy(kept)]

    return rows


def _renamed(told: Any, ids: Mapping[int, int], rows: int, size: int) -> Any:
    """Settings with the new ids, and the new size wherever the old one stood."""
    if isinstance(told, list):
        return [_renamed(one, ids, rows, size) for one in told]
    if not isinstance(told, dict):
        return told
    found: dict[str, Any] = {}
    for key, value in told.items():
        if key.endswith("_token_id") and isinstance(value, int):
            found[key] = ids.get(value, value)
        elif key.endswith("_token_id") and isinstance(value, list):
            found[key] = [ids.get(one, one) for one in value]
        elif key == "vocab_size" and value == rows:
            found[key] = size
        else:
            found[key] = _renamed(value, ids, rows, size)
    return found


def _decoder(told: dict[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    found = dict(told)
    if isinstance(told.get("added_tokens_decoder"), dict):
        found["added_tokens_decoder"] = {
            str(ids.get(int(i), int(i))): one for i, one in told["added_tokens_decoder"].items() if i.isdigit()
        }
    return found


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")

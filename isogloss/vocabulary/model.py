"""A model whose words are looked at: its tokenizer, and the tables in its weights that have a row a token."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isogloss.encoders.kinds.sentence_transformers import folder_of
from isogloss.encoders.static import FOLDER, PREFIX, STAGES, load_encoder
from isogloss.errors import InvalidValue, NotFound, StoreError, needs, reason_of
from isogloss.text.nested import read_json
from isogloss.vocabulary.subwords import Subwords, read_subwords
from isogloss.workspace.folders import scratch_folder

TOKENIZER = "tokenizer.json"
_MOST = 256 << 20  # bytes of a tokenizer
# Names of what has a row a token, in the weights of transformers and of sentence-transformers.
_TABLES = re.compile(
    r"(^|\.)(word_embeddings|embed_tokens|wte|shared|embed_in|tok_embeddings|token_embedding|word_embedding|embedding"
    r"|lm_head|embed_out|output_projection|predictions|predictions\.decoder|lm_head\.decoder|vocab_projector|decoder)"
    r"\.(weight|bias)$"
)


@dataclass(frozen=True)
class Tables:
    """rows: of the table. wide: parameters that go with one row, of all tables and biases. parameters: of the model.
    names: of the tensors that have a row a token.
    """

    rows: int
    wide: int
    parameters: int
    names: tuple[str, ...] = ()

    def with_rows(self, rows: int) -> int:
        """Parameters of the model with so many tokens.

        >>> Tables(rows=10, wide=4, parameters=100).with_rows(7)
        88
        """
        return self.parameters - self.wide * (self.rows - rows)


@dataclass(frozen=True)
class Model:
    """name: as it was called. tables: None of a tokenizer alone. folder: where it lies, None of the shipped encoder;
    place: the folder within that holds tokenizer and weights. named_ids: what its configuration calls by id.
    """

    name: str
    subwords: Subwords
    tables: Tables | None = None
    folder: Path | None = None
    place: Path | None = None
    named_ids: tuple[int, ...] = ()
    stage: str = ""

    @contextmanager
    def lying(self) -> Iterator[Model]:
        """The same in a folder: the shipped encoder is written for sentence-transformers, for as long as it is used.

        Raises InvalidValue for a tokenizer alone.
        """
        if self.folder is not None:
            yield self
        elif self.stage:
            with scratch_folder() as made:
                load_encoder(self.stage).to_sentence_transformer().save_pretrained(made, create_model_card=False)
                yield _in_folder(made, self.name)
        else:
            raise InvalidValue(f"{self.name[:80]} is a tokenizer alone", "name a folder that holds a model")


def open_model(model: str = "") -> Model:
    """A stage of the shipped encoder (the last by default), a tokenizer.json, a folder, or a name that is in the local
    cache or within reach. Raises NotFound, InvalidValue, StoreError.
    """
    stage = model.removeprefix(PREFIX) or STAGES[-1]
    if stage in STAGES and not Path(model or stage).exists():
        encoder = load_encoder(stage)
        rows, dim = encoder.vectors.shape
        subwords = read_subwords(_bytes(FOLDER / TOKENIZER), f"{PREFIX}{stage}")
        return Model(f"{PREFIX}{stage}", subwords, Tables(rows, dim, rows * dim, ("embedding.weight",)), stage=stage)
    path = Path(model)
    if path.is_file():
        return Model(path.name, read_subwords(_bytes(path), path.name))
    return _in_folder(Path(folder_of(model)), path.name or model)


def _in_folder(folder: Path, name: str) -> Model:
    place = _place(folder, name)
    subwords = read_subwords(_bytes(place / TOKENIZER), name)
    if not any(place.glob("*.safetensors")):
        return Model(name, subwords)
    tables = tables_of(place, len(subwords.tokens))
    told = config_of(place)
    return Model(name, subwords, tables, folder, place, tuple(sorted(_named_ids(told, len(subwords.tokens)))))


def _place(folder: Path, name: str) -> Path:
    """The folder, or the one of its modules, with the tokenizer and the weights."""
    below = [one for one in sorted(folder.iterdir()) if one.is_dir() and re.match(r"\d+_\w+$", one.name)]
    for found in (folder, *below):
        if (found / TOKENIZER).is_file():
            return found
    raise NotFound(
        f"{name[:80]} has no {TOKENIZER}", lever="save its tokenizer with `save_pretrained` of transformers beside it"
    )


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MOST:
            raise InvalidValue(f"{path.name} has {path.stat().st_size:,} bytes", f"give at most {_MOST:,}")
        return path.read_bytes()
    except OSError as error:
        raise StoreError(f"{path.name} cannot be read ({reason_of(error)})", "check the folder") from error


def config_of(place: Path, name: str = "config.json") -> dict[str, Any]:
    """What a file of settings holds; nothing where there is none. Raises InvalidValue."""
    if not (place / name).is_file():
        return {}
    try:
        found = read_json(_bytes(place / name))
    except ValueError as error:
        raise InvalidValue(f"{name} is no JSON ({str(error)[:80]})", "check that the file is whole") from error
    return found if isinstance(found, dict) else {}


def _named_ids(told: Mapping[str, Any], size: int) -> set[int]:
    """Ids that a configuration names; with the padding all before it, as some models count positions from its id."""
    found: set[int] = set()
    for key, value in told.items():
        if isinstance(value, dict):
            found |= _named_ids(value, size)
        elif key.endswith("_token_id"):
            ids = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, int)]
            found |= {i for i in ids if 0 <= i < size}
            if key == "pad_token_id" and ids and 0 < ids[0] <= 16:
                found |= set(range(min(ids[0], size)))
    return found


def shapes_of(file: Path) -> dict[str, tuple[int, ...]]:
    """The tensors of a file of weights, from its header. Raises InvalidValue."""
    with needs("encoders"):
        from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, framework="np") as held:
            return {name: tuple(held.get_slice(name).get_shape()) for name in held.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise InvalidValue(
            f"{file.name} cannot be read ({str(error)[:120]})", "check that the file is whole"
        ) from error


def tables_of(place: Path, tokens: int) -> Tables:
    """Which tensors have a row a token. Raises InvalidValue where none has, or fewer than there are tokens."""
    shapes = {name: shape for file in sorted(place.glob("*.safetensors")) for name, shape in shapes_of(file).items()}
    total = sum(math.prod(shape) for shape in shapes.values())
    called = {name: shape for name, shape in shapes.items() if shape and _TABLES.search(name)}
    rows = max((shape[0] for shape in called.values() if len(shape) == 2), default=0)
    found = {name: shape for name, shape in called.items() if shape[0] == rows}
    if not any(len(shape) == 2 for shape in found.values()):
        most = sorted(shapes.items(), key=lambda one: -math.prod(one[1]))[:3]
        told = ", ".join(f"{name[:60]} {list(shape)}" for name, shape in most)
        raise InvalidValue(f"no table of tokens is known among the weights ({told})", "give an encoder or decoder")
    if rows < tokens:
        raise InvalidValue(f"the table has {rows:,} rows for {tokens:,} tokens", "give the model's own tokenizer")
    return Tables(rows, sum(math.prod(shape[1:]) for shape in found.values()), total, tuple(found))

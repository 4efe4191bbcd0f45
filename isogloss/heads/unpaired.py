"""uCLIP: two heads taught over banks that are not paired, with English as the bridge (Chung et al. 2025)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from isogloss.errors import InvalidValue, needs
from isogloss.heads.head import UNPAIRED, Head
from isogloss.heads.losses import TEMPERATURE, soft_retrieval, uclip_loss
from isogloss.progress import Progress, silent
from isogloss.threads import one_torch_thread
from isogloss.types import Vectors

Tensor = Any  # of torch, which is imported only when it is used

OUT = 512
RETRIEVAL = 0.01  # τ of the soft retrieval


@dataclass(frozen=True, eq=False, kw_only=True)
class Banks:
    """What is known: vectors of the same English sentences by both encoders, row by row, and two banks without pairs.

    text_bridge, other_bridge: (n, d), (n, e). text_bank: other languages by the text encoder, (m, d). other_bank:
    images (or whatever else) by the other encoder, (k, e).
    """

    text_bridge: Vectors
    other_bridge: Vectors
    text_bank: Vectors
    other_bank: Vectors

    def __post_init__(self) -> None:
        if len(self.text_bridge) != len(self.other_bridge) or len(self.text_bridge) < 2:
            raise InvalidValue(
                f"the bridge has {len(self.text_bridge):,} and {len(self.other_bridge):,} rows",
                "give the same two or more sentences by both encoders",
            )
        for bridge, bank in ((self.text_bridge, self.text_bank), (self.other_bridge, self.other_bank)):
            if not len(bank) or bridge.shape[1] != bank.shape[1]:
                raise InvalidValue(
                    f"a bank of shape {bank.shape} beside a bridge of shape {bridge.shape}", "use one encoder for both"
                )


def head_of(dim: int, out: int = OUT) -> Any:
    """Linear(d, 2d)–BatchNorm–ReLU–Linear(2d, out); rows are brought to length 1 after it.

    Of dim 384 and 512 with out 512 the two have 1,743,104 parameters.
    """
    with needs("encoders"):
        from torch import nn
    return nn.Sequential(nn.Linear(dim, 2 * dim), nn.BatchNorm1d(2 * dim), nn.ReLU(), nn.Linear(2 * dim, out))


def parameters_of(text: int, other: int, out: int = OUT) -> int:
    """Of two heads for vectors of these dimensions, counted without making them.

    >>> parameters_of(384, 512)
    1743104
    """
    return sum(dim * 2 * dim + 2 * dim + 4 * dim + 2 * dim * out + out for dim in (text, other))


def parameters(*heads: Any) -> int:
    return sum(one.numel() for head in heads for one in head.parameters())


@dataclass(frozen=True, eq=False)
class TwoHeads:
    """The heads of texts and of the others, as they are applied."""

    text: Any
    other: Any

    def texts(self, vectors: Vectors) -> Vectors:
        """Unit rows, (n, out)."""
        return _applied(self.text, vectors)

    def others(self, vectors: Vectors) -> Vectors:
        return _applied(self.other, vectors)

    def ready(self, *, learning: bool = False) -> TwoHeads:
        """In the state to be applied, or to learn."""
        for one in (self.text, self.other):
            one.train(learning)
        return self

    def heads(self, card: Mapping[str, Any]) -> tuple[Head, Head]:
        """The same as maps that are applied without torch: batch norm, which is affine by now, folded into the first
        layer.
        """
        one, two = (Head(UNPAIRED, _folded(module), dict(card) | {"side": side}) for module, side in self._sides())
        return one, two

    def _sides(self) -> tuple[tuple[Any, str], tuple[Any, str]]:
        return (self.text, "texts"), (self.other, "others")


def teach_unpaired(
    banks: Banks,
    *,
    epochs: int = 10,
    batch: int = 256,
    rate: float = 1e-3,
    out: int = OUT,
    seed: int = 0,
    after_epoch: Callable[[TwoHeads, int], bool] | None = None,
    progress: Progress = silent,
) -> TwoHeads:
    """Each English sentence softly retrieves a text of the other languages and an image; the heads learn that the two
    belong together, and that the sentence does with itself. The same seed gives the same heads on one machine.

    after_epoch: told the heads as they begin (0) and after each epoch; it says whether that is enough.
    """
    with needs("encoders"):
        import torch
    with one_torch_thread():
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            text, other = head_of(banks.text_bridge.shape[1], out), head_of(banks.other_bridge.shape[1], out)
        e, c, texts, others = (
            torch.nn.functional.normalize(torch.from_numpy(np.asarray(one, np.float32)), dim=1)
            for one in (banks.text_bridge, banks.other_bridge, banks.text_bank, banks.other_bank)
        )
        f, i = _retrieved(e, texts), _retrieved(c, others)
        optimizer = torch.optim.Adam([*text.parameters(), *other.parameters()], lr=rate)
        rng, heads = np.random.default_rng(seed), TwoHeads(text, other)
        if after_epoch is not None:
            after_epoch(heads.ready(), 0)
        for epoch in range(epochs):
            heads.ready(learning=True)
            order = rng.permutation(len(e))
            for at in range(0, len(order), batch):
                rows = torch.from_numpy(order[at : at + batch])
                if len(rows) < 2:  # batch norm knows no variance of one
                    continue
                optimizer.zero_grad()
                ours, theirs = [_unit(text(one[rows])) for one in (f, e)], [_unit(other(one[rows])) for one in (c, i)]
                loss = uclip_loss(ours[0], ours[1], theirs[0], theirs[1], TEMPERATURE)
                loss.backward()
                optimizer.step()
            progress(f"teaching, loss {float(loss.detach()):.3f}", (epoch + 1) / epochs, float(loss.detach()))
            if after_epoch is not None and after_epoch(heads.ready(), epoch + 1):
                break
    return heads.ready()


def _folded(module: Any) -> dict[str, Vectors]:
    """(x·W + w − μ)·γ/√(σ² + ε) + β of Linear and batch norm as x·A + a."""
    import torch

    first, norm, _, last = module
    with torch.no_grad():
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        shift = (first.bias - norm.running_mean) * scale + norm.bias
        parts = {"A": (first.weight * scale[:, None]).T, "a": shift, "B": last.weight.T, "b": last.bias}
        return {name: np.ascontiguousarray(one.numpy()) for name, one in parts.items()}


def _retrieved(query: Tensor, bank: Tensor, block: int = 1024) -> Tensor:
    import torch

    return torch.cat([soft_retrieval(query[at : at + block], bank, RETRIEVAL) for at in range(0, len(query), block)])


def _unit(rows: Tensor) -> Tensor:
    import torch

    return torch.nn.functional.normalize(rows, dim=1)


def _applied(head: Any, vectors: Vectors) -> Vectors:
    import torch

    with torch.no_grad():
        rows = torch.nn.functional.normalize(torch.from_numpy(np.asarray(vectors, np.float32)), dim=1)
        return np.asarray(_unit(head(rows)).numpy())

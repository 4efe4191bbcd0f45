"""What a head is taught by: losses over a batch of pairs, row i of one side beside row i of the other.

All take and give torch tensors; torch is imported by whoever makes those.
"""

from __future__ import annotations

from typing import Any

Tensor = Any  # of torch, which is imported only when it is used

TEMPERATURE = 0.07  # BabelBERT's τ
SCALE = 20.0  # of cosines, in-batch ranking
_LEAST = 1e-8  # length of a row that can be divided by


def nt_xent(x: Tensor, y: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """Mean over all 2n rows of −log softmax of cosine / τ at the partner; a row is no candidate for itself
    (Chen et al. 2020; BabelBERT, Hu et al. 2023, with τ = 0.07).

    x, y: (n, dim). n orthonormal pairs give ln(1 + (2n − 2)·exp(−1/τ)), collapsed rows ln(2n − 1).
    """
    return _interleaved(_unit(x), _unit(y), temperature)


def translit_contrast(x: Tensor, y: Tensor, temperature: float = 1.0) -> Tensor:
    """TransliCo's TCM (Liu et al. 2024): half of the same mean, of raw dot products, τ = 1.

    n orthonormal pairs give ½·ln(1 + (2n − 2)/e), collapsed unit rows ½·ln(2n − 1).
    """
    return _interleaved(x, y, temperature) / 2


def ranking(x: Tensor, y: Tensor, scale: float = SCALE) -> Tensor:
    """In-batch ranking (IndicSBERT; multiple negatives, Henderson et al. 2017): mean −log softmax of scale·cosine at
    the partner among all y.

    n orthonormal pairs give ln(1 + (n − 1)·exp(−scale)), collapsed rows ln n.
    """
    return _first(scale * _unit(x) @ _unit(y).T)


def info_nce(x: Tensor, y: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """The mean of in-batch ranking from either side, cosine / τ (van den Oord et al. 2018)."""
    scores = _unit(x) @ _unit(y).T / temperature
    return (_first(scores) + _first(scores.T)) / 2


def uclip_loss(f: Tensor, e: Tensor, c: Tensor, i: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """uCLIP: InfoNCE of both sides + 0.1·½(‖f − e‖ + ‖c − i‖), rows (n, dim) after the heads.

    f: texts of the other language, e: the English sentence, both by the text's head; c: the same sentence, i: images,
    both by the other head. Both sides: f against i, e against c. ‖·‖: mean length over rows.
    """
    apart = (_length(f - e).mean() + _length(c - i).mean()) / 2
    return info_nce(f, i, temperature) + info_nce(e, c, temperature) + 0.1 * apart


def soft_retrieval(query: Tensor, bank: Tensor, temperature: float = 0.01) -> Tensor:
    """Σ softmax(cosine / τ)·row of a bank for each query, unit rows again (C-MCR, Wang et al. 2023; τ = .01)."""
    keys = _unit(bank)
    return _unit((_unit(query) @ keys.T / temperature).softmax(dim=1) @ keys)


def _interleaved(x: Tensor, y: Tensor, temperature: float) -> Tensor:
    import torch

    n = len(x)
    rows = torch.cat([x, y])
    scores = (rows @ rows.T / temperature).masked_fill(torch.eye(2 * n, dtype=torch.bool), -torch.inf)
    partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return torch.nn.functional.cross_entropy(scores, partner)


def _first(scores: Tensor) -> Tensor:
    import torch

    return torch.nn.functional.cross_entropy(scores, torch.arange(len(scores)))


def _unit(rows: Tensor) -> Tensor:
    return rows / _length(rows)[:, None]


def _length(rows: Tensor) -> Tensor:
    """Bounded below, so that a row of zeros has a gradient."""
    return (rows * rows).sum(dim=1).clamp_min(_LEAST**2).sqrt()

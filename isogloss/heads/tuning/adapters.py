"""Low-rank adapters (LoRA, Hu et al. 2022) on the layers of a model, merged into it at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isogloss.errors import InvalidValue, needs

_ALPHA = 2  # times the rank: by how much an adapter counts is α / r


def adapt(model: Any, layers: Sequence[Any], rank: int, seed: int) -> None:
    """Every linear map W of the layers becomes W + 2·B·A, A (rank, n) drawn by the seed, B zero: nothing changes yet.

    Raises InvalidValue for layers without such maps, and where peft is not installed.
    """
    import torch

    with needs("teach"):
        from peft import LoraConfig, inject_adapter_in_model
    inside = {id(one) for layer in layers for one in layer.modules() if isinstance(one, torch.nn.Linear)}
    names = [name for name, one in model.named_modules() if id(one) in inside]
    if not names:
        raise InvalidValue("the layers have no linear map", 'teach them themselves: model.method = "layers"')
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        inject_adapter_in_model(LoraConfig(r=rank, lora_alpha=_ALPHA * rank, target_modules=names), model)


def merge(model: Any) -> None:
    """The adapters' product is added to the maps, which stand alone again: the model has the form that it came in."""
    with needs("teach"):
        from peft.tuners.tuners_utils import BaseTunerLayer
    for name, one in list(model.named_modules()):
        if isinstance(one, BaseTunerLayer):
            one.merge()
            place, _, last = name.rpartition(".")
            setattr(model.get_submodule(place), last, one.get_base_layer())

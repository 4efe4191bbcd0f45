"""How many threads compute, where that decides over the last bits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from isogloss.errors import needs


@contextmanager
def one_torch_thread() -> Iterator[None]:
    """PyTorch on one thread, which adds in one order: the same seed gives the same bits. Raises InvalidValue."""
    with needs("encoders"):
        import torch
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

"""Coroutines in tests: a worker that has opened a browser keeps a loop running in its own thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def awaited(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, run to its end in a thread of its own; what it raises is raised."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()

"""What a computation will look for in a store, made elsewhere before it begins."""

from __future__ import annotations

from collections.abc import Mapping

from isogloss.progress import Progress, silent
from isogloss.tasks.task import HERE, Task
from isogloss.types import Arrays
from isogloss.workspace.derived import DerivedStore


def do_beforehand(tasks: Mapping[str, Task], *, store: DerivedStore, on: str, progress: Progress = silent) -> None:
    """Do the tasks whose key the store does not hold and keep each as it ends, so that what is stopped goes on.

    tasks: by the key under which a computation looks for what they make. on: as `place_of` reads it; `here` does
    nothing, since the computation itself will. Raises what `Place.run` and progress do.
    """
    if on == HERE:
        return
    keys = [key for key in tasks if store.find(key) is None]

    def take(index: int, made: Arrays) -> None:
        store.put(keys[index], made)

    if keys:
        from isogloss.tasks.place import place_of

        what = f"{len(keys):,} of {len(tasks):,} tasks on {on}"
        place_of(on).run([tasks[key] for key in keys], report=lambda share: progress(what, share), take=take)

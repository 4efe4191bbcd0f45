"""Where stories lie: the shipped ones, and one's own in the workspace, a file each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from isogloss.errors import InvalidValue, NotFound, StoreError, reason_of
from isogloss.places import ASSETS
from isogloss.stories.story import MOST_BYTES, Story
from isogloss.text.matches import closest
from isogloss.workspace.access import require_writable
from isogloss.workspace.folders import fresh_file, sweep
from isogloss.workspace.store import Workspace

SHIPPED = ASSETS / "stories"
FOLDER = "stories"  # of a workspace
FIRST = "un-drift"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class StoryShelf:
    """The stories at hand of a workspace. shipped: where those that come along lie; they can be read, not changed."""

    def __init__(self, workspace: Workspace, shipped: Path = SHIPPED) -> None:
        self.root = workspace.root / FOLDER
        self._shipped = shipped
        offered = [workspace.offered / FOLDER] if workspace.offered else []
        self._places = (shipped, *offered, self.root)

    @property
    def names(self) -> list[str]:
        """Of all, the shipped ones first."""
        return list(self._files())

    def _files(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for place in self._places:
            if place.is_dir():
                for file in sorted(place.glob("*.json"), key=lambda file: (file.stem != FIRST, file.stem)):
                    if _NAME.fullmatch(file.stem):
                        found.setdefault(file.stem, file)
        return found

    def __iter__(self) -> Iterator[tuple[str, Story]]:
        """Name and story of each that can be read; `open` says what is wrong with another."""
        for name in self.names:
            try:
                yield name, self.open(name)
            except (InvalidValue, NotFound, StoreError):
                continue

    def is_own(self, name: str) -> bool:
        """Whether it can be changed and deleted here."""
        file = self._files().get(name)
        return file is not None and file.parent == self.root

    def open(self, name: str) -> Story:
        """Raises NotFound with the nearest names, InvalidValue, StoreError."""
        files = self._files()
        if name not in files:
            raise NotFound(f"there is no story {name[:80]!r}", closest(name, files) or list(files))
        return read_story(files[name])

    def save(self, name: str, story: Story) -> Path:
        """Write a story, in the place of one's own of that name. Raises InvalidValue, where it is read-only too, and
        StoreError.
        """
        require_writable()
        name = _checked(name)
        if name in self._files() and not self.is_own(name):
            raise InvalidValue(f"{name!r} is a shipped story", "choose another name")
        return write_story(story, self.root / f"{name}.json")

    def delete(self, name: str) -> None:
        """Raises NotFound, InvalidValue for a shipped one or where it is read-only, StoreError."""
        require_writable()
        files = self._files()
        if name not in files:
            raise NotFound(f"there is no story {name[:80]!r}", closest(name, files) or list(files))
        if not self.is_own(name):
            raise InvalidValue(f"{name!r} is a shipped story", "only your own can be deleted")
        try:
            files[name].unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"the story {name!r} cannot be deleted ({reason_of(error)})", "check the folder"
            ) from error


def read_story(file: Path) -> Story:
    """The story of a file. Raises NotFound, InvalidValue, StoreError."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise NotFound(f"there is no file {str(file)[:200]!r}", lever="check the path") from None
    except OSError as error:
        raise StoreError(f"{str(file)[:200]!r} cannot be read ({reason_of(error)})", "check the file") from error
    return Story.of_text(data)


def write_story(story: Story, file: Path) -> Path:
    """Write a story as one file, whole or not at all. Raises StoreError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        sweep(file.parent)
        with fresh_file(file) as made:
            made.write_text(story.text(), encoding="ascii")
    except OSError as error:
        raise StoreError(
            f"the story cannot be written to {file.parent} ({reason_of(error)})", "free some space, or name another"
        ) from error
    return file


def proposed_story_name(title: str) -> str:
    """A name made of a title.

    >>> proposed_story_name("Drift: the UN, 1946"), proposed_story_name("東京")
    ('drift-the-un-1946', 'story')
    """
    return re.sub(r"[^a-z0-9_-]+", "-", title.lower()).strip("-_")[:64].rstrip("-_") or "story"


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InvalidValue(
            f"the story's name {name[:80]!r} cannot be used",
            "use 1 to 64 of a-z, 0-9, '_' and '-', beginning with a letter or digit",
        )
    return name

"""The scripts of the maps are registered whole, whoever comes first."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from components.maps import linked_maps

NAMES = [f"isogloss.{one.name}" for one in linked_maps._SERVED.components]


class Manager:
    """Streamlit's registry as two visitors meet it: it takes its time between the components of a manifest."""

    def __init__(self, *known: str) -> None:
        self.roots, self.registered = {name: Path() for name in known}, 0

    def get_component_asset_root(self, name: str) -> Path | None:
        return self.roots.get(name)

    def register_from_manifest(self, manifest: Any, root: Path) -> None:
        self.registered += 1
        for one in manifest.components:
            self.roots[f"{manifest.name}.{one.name}"] = root
            time.sleep(0.02)


@pytest.mark.parametrize("known", [[], NAMES[:1], NAMES[1:]])
def test_two_who_come_at_once_both_find_all(known: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Manager(*known)
    monkeypatch.setattr(linked_maps, "get_bidi_component_manager", lambda: manager)
    monkeypatch.setattr(linked_maps, "_mounts", lambda: sorted(manager.roots))
    with ThreadPoolExecutor(4) as visitors:
        found = list(visitors.map(lambda _: linked_maps.mounts(), range(4)))
    assert found == [sorted(NAMES)] * 4
    assert manager.registered == 1


def test_what_is_there_is_not_registered_again(monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Manager(*NAMES)
    monkeypatch.setattr(linked_maps, "get_bidi_component_manager", lambda: manager)
    linked_maps._serve()
    assert manager.registered == 0


@dataclass
class Bytes:
    version: str
    sent: bytes


def test_bytes_of_maps_travel_once_unless_they_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linked_maps.st, "session_state", {})
    monkeypatch.setattr(linked_maps, "_HEAVY", 4)
    large, small, third, fourth = Bytes("a", b"12345"), Bytes("b", b"1"), Bytes("c", b"12345"), Bytes("d", b"12345")
    news = [linked_maps._news(one, None) for one in (large, large, small, large, small, large)]
    assert news == [b"12345", b"", b"1", b"", b"1", b""]
    assert linked_maps._news(large, "a") == b"12345"
    assert linked_maps._news(large, "b") == b""
    assert [linked_maps._news(one, None) for one in (third, fourth, large)] == [b"12345"] * 3  # a browser keeps few

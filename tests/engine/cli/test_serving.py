"""Commands that become a server: with what they start it, and what they refuse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isogloss.cli.main import main


class Became(Exception):
    pass


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    found: list[tuple[list[str], dict[str, str]]] = []

    def become(path: str, command: list[str], environment: dict[str, str]) -> None:
        found.append((command, environment))
        raise Became

    monkeypatch.setattr(os, "execve", become)
    monkeypatch.setattr(os, "chdir", lambda path: None)
    return found


@pytest.mark.skipif(os.name != "posix", reason="elsewhere it is a process of its own")
@pytest.mark.parametrize(("command", "headless"), [(["demo"], "false"), (["serve", "--headless"], "true")])
def test_the_browser_is_opened_or_not(
    command: list[str], headless: str, started: list[tuple[list[str], dict[str, str]]], tmp_path: Path
) -> None:
    with pytest.raises(Became):
        main([*command, "--port", "8600", "--workspace", str(tmp_path)])
    told, environment = started[0]
    assert told[-4:] == ["--server.port", "8600", "--server.headless", headless]
    assert environment["ISOGLOSS_HOME"] == str(tmp_path)


@pytest.mark.parametrize("command", ["serve", "serve-api"])
def test_a_host_name_that_is_none(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--host-name", "http://x/"]) == 2
    assert "give NAME or NAME:PORT" in capsys.readouterr().err


def test_an_address_that_is_taken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import uvicorn

    def taken(*_: object, **__: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(uvicorn, "run", taken)
    assert main(["serve-api", "--port", "8600"]) == 2
    assert "cannot be listened on" in capsys.readouterr().err

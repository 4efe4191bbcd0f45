"""Commands run in this process, and what they print."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isogloss.cli.main import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """What a command that succeeds prints with --json."""
    assert main(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)

"""The container's files, as far as they can be held without a daemon: what they copy is there, and nobody is root."""

from __future__ import annotations

import re
import tomllib

from isogloss.cli.command import COMMANDS
from isogloss.places import ROOT

FILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_what_it_copies_is_let_in_and_is_there() -> None:
    let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE))
    copied = {name for line in re.findall(r"^COPY (?!--from)(.+)$", FILE, re.MULTILINE) for name in line.split()[:-1]}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)


def test_it_runs_a_command_and_not_as_root() -> None:
    (user,) = re.findall(r"^USER (.+)$", FILE, re.MULTILINE)
    assert user not in ("root", "0")
    assert FILE.index("USER") < FILE.index('\nCMD ["')
    (command,) = re.findall(r'^CMD \["isogloss", "([a-z-]+)"', FILE, re.MULTILINE)
    assert command in COMMANDS


def test_ports_are_open_on_this_machine_alone() -> None:
    told = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    assert re.findall(r'ports: \["([^"]+)"\]', told) == ["127.0.0.1:8501:8501"]
    assert "internal: true" in told


def test_what_is_left_out_of_the_pins_is_what_needs_torch() -> None:
    """A package left in the pins brings torch of another version with it: gigabytes."""
    (left_out,) = re.findall(r"grep -vE '\^\(([^)]+)\)=='", FILE)
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    needs_torch = {re.split(r"[=~<>\[]", one)[0] for extra in ("encoders", "teach") for one in told[extra]}
    assert set(left_out.split("|")) == needs_torch

"""Where the parts lie that are not code of the engine: beside the package in a checkout, inside it once installed."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_app"
ROOT = _INSTALLED if (_INSTALLED / "app.py").is_file() else _PACKAGE.parent  # app.py, pages, components
ASSETS = ROOT / "assets"

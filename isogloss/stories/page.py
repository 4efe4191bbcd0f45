"""One HTML file that plays offline: a frame filled with a style, a script and data; it may ask nothing of a network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from isogloss.errors import StoreError, reason_of
from isogloss.workspace.folders import fresh_file

_PLACE = Path(__file__).parent
_OUTER = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "


def page(kind: str, data: Mapping[str, Any], title: str, *, packed: Mapping[str, str] | None = None) -> str:
    """The file of a kind (`talk`, `handout`). data: what the script reads, as JSON; every text of it reaches the page
    by `textContent`. packed: name → base64, each in a block of its own, for what is large.

    The policy in the file allows this one script and this one style, by their digests, and pictures within the file.
    """
    script, style, frame = ((_PLACE / f"{kind}.{one}").read_text(encoding="utf-8") for one in ("js", "css", "html"))
    style = (_PLACE / "page.css").read_text(encoding="utf-8") + style
    policy = f"{_OUTER}script-src '{_digest(script)}'; style-src '{_digest(style)}'"
    blocks = "".join(
        f'<script type="text/plain" id="{escape(name)}">{text}</script>\n' for name, text in (packed or {}).items()
    )
    filled = {"POLICY": escape(policy), "TITLE": escape(_shown(title)), "STYLE": style, "SCRIPT": script}
    filled |= {"DATA": json.dumps(data, ensure_ascii=True).replace("<", "\\u003c"), "PACKED": blocks}
    pieces = frame.split("@@")  # text and names by turns: what is put in is never looked at again
    return "".join(filled[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def write_page(html: str, file: Path) -> int:
    """Write a page, whole or not at all; its bytes. Raises StoreError."""
    data = html.encode()
    try:
        with fresh_file(file) as made:
            made.write_bytes(data)
    except OSError as error:
        raise StoreError(
            f"{str(file)[:200]!r} cannot be written ({reason_of(error)})", "free some space, or name another with --out"
        ) from error
    return len(data)


def _shown(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

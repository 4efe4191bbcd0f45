"""The document with which every page begins: Streamlit's own, with our style in it, and with the parts named that
draw a finding.

Without them a browser learns of a part only when the first element of its kind arrives; the finding, which needs a part
of 2 KB, was drawn with the picture, which needs one of 5 MB, and for a moment without its style. Pages send the style
too: below another path, or before a server of another kind, this document is Streamlit's alone.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_STYLE = Path(__file__).parents[1] / "shell" / "frame.css"
FIRST = ("Html",)  # more of them, those of the bar too, kept a cold server from its own work
_NEEDS = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


@cache
def document(folder: Path) -> bytes:
    """Streamlit's `index.html` of a folder, with the parts named in its head, and our style at the end of its body:
    there it goes before Streamlit's own, which is put into the head. Parts that another version lacks are not named.
    """
    page = (folder / "index.html").read_text("utf-8")
    links = "".join(
        f'<link rel="modulepreload" crossorigin href="./static/js/{name}">'
        for name in _needed(folder / "static" / "js")
        if name not in page
    )
    style = f"<style>{_STYLE.read_text('utf-8')}</style>"
    return page.replace("</head>", f"{links}</head>", 1).replace("</body>", f"{style}</body>", 1).encode()


def _needed(scripts: Path) -> list[str]:
    """The files of the parts that come first, and of what these import."""
    found = [path.name for part in FIRST for path in scripts.glob(f"{part}.*.js")]
    for name in found:  # which grows
        imports = _NEEDS.findall((scripts / name).read_text("utf-8"))
        found += [one for one in dict.fromkeys(imports) if one not in found and (scripts / one).is_file()]
    return found

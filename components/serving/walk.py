"""A walk through all pages before the first visitors reach them, by a session of the server's own that nobody sees.

What the pages keep for all, maps, figures and searches of what ships, is made then, once and in one thread, by the
pages themselves; a crowd that comes to a cold server would wait for all of it together.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.session_manager import SessionClient

from isogloss.places import ROOT

PAGES = sorted((ROOT / "pages").glob("*.py"))
_LONGEST = 60.0  # seconds for a page; what takes longer goes on without being waited for


class _Nobody(SessionClient):
    """Takes what a page sends, and tells when it has ended."""

    def __init__(self) -> None:
        self.ended = asyncio.Event()

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        if msg.WhichOneof("type") == "script_finished":
            self.ended.set()


def address(page: Path) -> str:
    """What an address ends with that asks for a page.

    >>> address(Path("pages/14_Atlas.py"))
    'Atlas'
    """
    return page.stem.partition("_")[2]


async def walk(pages: list[Path]) -> list[str]:
    """Ask each page once; the names of those that ended in time."""
    runtime, nobody, done = get_instance(), _Nobody(), list[str]()
    session = runtime.connect_session(nobody, {})
    try:
        for page in pages:
            asked = BackMsg()
            asked.rerun_script.page_name = address(page)
            nobody.ended.clear()
            runtime.handle_backmsg(session, asked)
            with suppress(TimeoutError):
                await asyncio.wait_for(nobody.ended.wait(), _LONGEST)
                done.append(page.stem)
    finally:
        runtime.close_session(session)
    return done

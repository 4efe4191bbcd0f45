"""What a job made is known in the visit that started it, and that it has ended."""

from __future__ import annotations

import os
import time

from streamlit.testing.v1 import AppTest

from components.shell.queue import QUEUE
from isogloss.workspace.store import Workspace

SCRIPT = """
import streamlit as st
from components.shell.jobs import key_of, made, remember_made

one, two, other = key_of("import", "a"), key_of("import", "b"), key_of("build", "a")
if "step" in st.query_params:
    remember_made({"1": one, "2": other, "3": two}[st.query_params["step"]])
st.text([made(key, "un-debates") for key in (one, two, other)])
st.text(made(one, "deleted"))
"""


def test_the_last_of_each_kind_is_remembered() -> None:
    at = AppTest.from_string(SCRIPT).run()
    shown = [at.text[0].value]
    for step in "123":
        at.query_params["step"] = step
        shown.append(at.run().text[0].value)
        assert at.text[1].value == "False"  # offered anew where it was deleted
    assert shown == [
        "[False, False, False]",
        "[True, False, False]",
        "[True, False, True]",
        "[False, True, True]",
    ]


def _offers() -> None:
    import streamlit as st

    from components.shell.jobs import offer

    if offer("collections-1", ["collections"], "What it does", label="Do it"):
        st.markdown("It is done.")


def test_a_job_that_ended_while_nobody_watched_is_done() -> None:
    """Whoever looked elsewhere meanwhile was offered the same work again."""
    page = AppTest.from_function(_offers).run()
    assert [one.label for one in page.button] == ["Do it"]
    job = QUEUE.start(str(Workspace().root), "collections-1", ["collections"], environment=os.environ)
    while job.alive:
        time.sleep(0.05)
    assert job.code == 0, job.last_line
    page.run()
    assert [one.value for one in page.markdown] == ["It is done."]
    page.run()
    assert [one.label for one in page.button] == ["Do it"]

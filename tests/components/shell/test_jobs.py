"""What a job made is known in the visit that started it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st
from components.shell.jobs import key_of, made, remember_made

one, two, other = key_of("import", "a"), key_of("import", "b"), key_of("build", "a")
if "step" in st.query_params:
    remember_made({"1": one, "2": other, "3": two}[st.query_params["step"]])
st.text([made(one), made(two), made(other)])
"""


def test_the_last_of_each_kind_is_remembered() -> None:
    at = AppTest.from_string(SCRIPT).run()
    shown = [at.text[0].value]
    for step in "123":
        at.query_params["step"] = step
        shown.append(at.run().text[0].value)
    assert shown == [
        "[False, False, False]",
        "[True, False, False]",
        "[True, False, True]",
        "[False, True, True]",
    ]

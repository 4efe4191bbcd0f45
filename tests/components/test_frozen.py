"""The words of a frozen picture are said in the language in which it is kept; names of figures are the command's."""

from __future__ import annotations

import pytest

from components.parts.spoken import speak
from components.stories.frozen import frozen
from isogloss.notebook.case import Case
from isogloss.notebook.figures import KeptFigure
from isogloss.notebook.view import View

CASE = Case(View("Drift"), title="peace <b>", figures=(KeptFigure(name="distance", value=0.5, low=0.4, high=0.6),))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", ("Figures of peace &lt;b&gt;", "with the 95% interval")),
        ("de", ("Zahlen zu peace &lt;b&gt;", "mit dem 95%-Intervall")),
        ("ar", ("أرقام peace &lt;b&gt;", "مع مجال 95%")),
    ],
)
def test_a_picture_is_kept_in_the_language_of_the_visit(code: str, said: tuple[str, ...]) -> None:
    speak(code)
    try:
        made = frozen(CASE) or ""
    finally:
        speak("en")
    assert all(text in made for text in (*said, "distance"))
    assert "<b>" not in made

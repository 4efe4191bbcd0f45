"""How much of a source comes back by way of its target: chrF of a translation back, where one is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isogloss.figure import Figure
from isogloss.rewriting._summed import mean_figure

BACK = "back"  # the column that holds it
ABSENT = "not known: pip install sacrebleu==2.6.0 (or isogloss[back])"


def chrf_figure(source: Sequence[str], back: Sequence[str], *, seed: int) -> Figure:
    """Mean sentence chrF (Popović 2015: n-grams of 1 to 6 characters, β = 2), 0 to 1; unknown without sacrebleu, with
    the line that installs it. source, back: without their spans.
    """
    try:
        from sacrebleu.metrics import CHRF
    except ImportError:
        return Figure(value=float("nan"), n=0, better="more", how=ABSENT)
    metric = CHRF(eps_smoothing=False)
    values = np.array(
        [
            metric.sentence_score(two, [one]).score / 100 if one.strip() and two.strip() else np.nan
            for one, two in zip(source, back, strict=True)
        ]
    )
    return mean_figure(values, better="more", how="mean chrF of source and translation back, without spans", seed=seed)

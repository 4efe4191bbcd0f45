"""The picture of the Drift page and the ranking beside it, each answering the other."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import streamlit as st

from components.drift.cached import kept
from components.drift.figures import scatter
from components.drift.panel import Choice, verdicts_of
from components.drift.sentences import measures_help
from components.parts.spoken import count, say, spoken
from components.parts.tables import KeepRows, csv_of, file_name, none
from components.shell import state
from components.shell.frame import is_dark, note
from components.shell.stage.charts import chart
from components.shell.stage.present import presenting
from isogloss.drift.measure import MEASURES
from isogloss.drift.ranking import Ranking
from isogloss.types import Mask


def picture(ranking: Ranking, shown: Mask, choice: Choice, *, item: str) -> tuple[str | None, list[int]]:
    """Draw drift against frequency. Returns an item that was just clicked, and the rows that are brushed.

    shown: the items that pass the filters; the picture greys the others.
    """
    ranked = _ranked(choice)
    with st.container(key="picture"):
        title = say("deviation from words as frequent") if choice.matched else say(MEASURES[choice.measure].title)
        answer = chart(
            scatter(ranking, shown, title, chosen=item, matched=choice.matched, least=choice.least, dark=is_dark()),
            height="stretch",
            key=f"chart-{ranked}",
            on_select="rerun",
            selection_mode=("points", "box", "lasso"),
            config={
                "displaylogo": False,
                "displayModeBar": not presenting(),
                "modeBarButtons": [["lasso2d", "select2d", "pan2d", "zoom2d", "resetScale2d", "toImage"]],
            },
            alt=say("Drift against frequency, with the band of noise"),
        )
    brushed = [int(point["customdata"]) for point in answer["selection"]["points"] if "customdata" in point]
    point = ranking.items[brushed[0]] if len(brushed) == 1 and brushed[0] < len(ranking) else None
    return state.newly(f"chart-{ranked}", point), brushed


def table(
    ranking: Ranking, shown: Mask, choice: Choice, *, brushed: list[int], show: str, keep: KeepRows = none
) -> str | None:
    """The ranking of what is shown, or of what is brushed; returns an item that was just clicked.

    keep: takes selected rows into the notebook.
    """
    order = ranking.order_as_frequent if choice.matched else ranking.order
    if show == "least changed":
        order = order[::-1]
    inside = np.isin(order, brushed) if len(brushed) > 1 else np.ones(len(order), dtype=bool)
    rows = order[shown[order] & inside]
    note(
        count(
            "{of:,} of {n:,} shared word. Click a word or its point for the evidence; the lasso over the picture"
            " filters this list.",
            "{of:,} of {n:,} shared words. Click a word or its point for the evidence; the lasso over the picture"
            " filters this list.",
            len(ranking),
            of=len(rows),
        )
    )
    found = kept(
        ranking, ("table", spoken(), choice.least, rows.tobytes()), lambda: ranking_table(ranking, rows, choice.least)
    )
    return state.newly("ranking", show_table(found, choice, keep))


def _ranked(choice: Choice) -> int:
    """What makes a ranking: rows mean other words in another, where a selection must not live on."""
    parts = (choice.source, choice.target, choice.measure, choice.panel, choice.min_count, choice.in_order)
    return crc32(repr(parts).encode())


def ranking_table(ranking: Ranking, rows: npt.NDArray[np.int64], least: float) -> pa.Table:
    """The rows of a ranking as they are shown and downloaded; what is unknown is empty."""
    columns: dict[str, object] = {
        "item": [ranking.items[r] for r in rows],
        "drift": ranking.distance[rows],
        "low": ranking.low[rows],
        "high": ranking.high[rows],
        "noise_95": ranking.null_high[rows],
        "p": ranking.p[rows],
        "q": ranking.q[rows],
        **({"step": [" → ".join(ranking.steps[r]) for r in rows]} if ranking.steps else {}),
        "verdict": verdicts_of(ranking, rows, least),
        "agree": agreed(ranking, rows),
        "needed": np.where(np.isfinite(ranking.needed[rows]), ranking.needed[rows], np.nan),
        "against_as_frequent": ranking.unusual[rows],
    }
    if ranking.count_source is not None and ranking.count_target is not None:
        columns |= {"uses_source": ranking.count_source[rows], "uses_target": ranking.count_target[rows]}
    table = pa.table(
        {name: pa.array(v, from_pandas=True) if isinstance(v, np.ndarray) else v for name, v in columns.items()}
    )
    empty = [name for name in table.column_names if len(table) and table[name].null_count == len(table)]
    return table.drop_columns(empty)


def agreed(ranking: Ranking, rows: npt.NDArray[np.int64]) -> list[str | None]:
    """`2 of 4`, the measures by which each word moved; None where nothing was tested."""
    pairs = zip(ranking.agree[rows].tolist(), ranking.agree_of[rows].tolist(), strict=True)
    return [say("{k:,} of {of:,}", k=n, of=of) if of else None for n, of in pairs]


def show_table(table: pa.Table, choice: Choice, keep: KeepRows = none) -> str | None:
    """The ranking as a table; returns an item whose cell was clicked anew."""
    formats = {
        "item": st.column_config.TextColumn(say("word"), pinned=True),
        "drift": st.column_config.NumberColumn(say("drift"), format="%.3f", help=measures_help()),
        "low": st.column_config.NumberColumn(
            say("95% from"), format="%.3f", help=say("Interval of sampling, over half samples.")
        ),
        "high": st.column_config.NumberColumn(say("to"), format="%.3f"),
        "noise_95": st.column_config.NumberColumn(
            say("noise 95%"), format="%.3f", help=say("95% of unchanged words as frequent stay below.")
        ),
        "p": st.column_config.NumberColumn("p", format="%.4f"),
        "q": st.column_config.NumberColumn("q", format="%.4f", help=say("Benjamini–Hochberg over all tested words.")),
        "verdict": st.column_config.TextColumn(
            say("verdict"),
            help=say("Noise: below 95% of it. Not decided: beyond, with too few replicates to say more."),
        ),
        "agree": st.column_config.TextColumn(
            say("measures"), help=say("By how many of the measures it moved more than noise.")
        ),
        "needed": st.column_config.NumberColumn(
            say("must move"),
            format="%.3f",
            help=say("How far a word of this frequency must move to be told from noise here."),
        ),
        "against_as_frequent": st.column_config.NumberColumn(
            say("vs as frequent"), format="%+.1f", help=say("Robust deviations from the 100 words nearest in count.")
        ),
        "uses_source": st.column_config.NumberColumn(say("uses {space}", space=choice.source), format="localized"),
        "uses_target": st.column_config.NumberColumn(say("uses {space}", space=choice.target), format="localized"),
    }
    state_now = st.dataframe(
        table,
        hide_index=True,
        column_config=formats,
        key="ranking",
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        height=470,
        alt=say("The ranking of the shared words"),
    )
    chosen = [row for row in state_now["selection"]["rows"] if row < len(table)]
    download = table.take(chosen) if chosen else table
    with st.container(horizontal=True, vertical_alignment="center"):
        keep([{"item": table["item"][row].as_py()} for row in chosen])
        st.download_button(
            count("Download {n:,} row as CSV", "Download {n:,} rows as CSV", len(download)),
            csv_of(download, f"drift from {choice.source} to {choice.target} · {choice.measure} · {len(table)} rows"),
            file_name("drift", choice.source, choice.target, choice.measure),
            "text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="drift-csv",
        )
    cells = state_now["selection"].get("cells") or []
    row = cells[0][0] if cells else None
    return table["item"][row].as_py() if row is not None and row < len(table) else None

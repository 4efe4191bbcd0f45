"""A table in Parquet, as it is written; `table` reads it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.formats.format import Format
from isogloss.spaces.space import Space

_ROWS = 10_000


class Parquet(Format):
    name = "parquet"
    title = "Parquet"
    help = "a table with the columns item and vector, and what else is known of the items"
    words = {"Parquet": ""}  # noqa: RUF012
    endings = (".parquet",)
    written = (".parquet",)

    def write(self, space: Space, out: Path) -> None:
        kind = pa.schema([("item", pa.string()), *space.columns.schema, ("vector", pa.list_(pa.float32(), space.dim))])
        with pq.ParquetWriter(out, kind, compression="zstd") as writer:
            for at in range(0, len(space), _ROWS):
                rows = np.asarray(space.vectors[at : at + _ROWS], dtype=np.float32)
                vectors = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), space.dim)
                part = [space.columns[n].combine_chunks().slice(at, len(rows)) for n in space.columns.column_names]
                items = pa.array(space.items[at : at + _ROWS])
                writer.write_table(pa.Table.from_arrays([items, *part, vectors], schema=kind))


member = Parquet()

"""The terms of the collection `scripts`, so that its first visitor does not wait for babel's 366 files of locales."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.separation.concepts import cldr_terms, terms_mark


def write_terms(path: Path) -> None:
    table = pa.Table.from_pylist([asdict(one) for one in cldr_terms()])
    table = table.replace_schema_metadata({"terms": terms_mark()})
    pq.write_table(table, path, compression="zstd", compression_level=19)


if __name__ == "__main__":
    write_terms(Path(sys.argv[1]))

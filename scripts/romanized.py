"""The terms of the collection `scripts` in Latin letters, so that its first visitor does not wait for uroman."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from isogloss.separation.concepts import cldr_terms, digest_of, romanize_terms


def write_romanized(path: Path) -> None:
    terms = cldr_terms()
    table = pa.table({"romanized": romanize_terms(terms)}).replace_schema_metadata({"terms": digest_of(terms)})
    pq.write_table(table, path, compression="zstd", compression_level=19)


if __name__ == "__main__":
    write_romanized(Path(sys.argv[1]))

"""The shipped lexicon from GATITOS: pairs of single words, English and one of 173 languages."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


def write_lexicon(gatitos: Path, out: Path) -> int:
    """Keep the pairs of one word each, sorted by language and English; how many."""
    table = pq.read_table(gatitos, columns=["language", "english", "translation"])
    words = [pc.invert(pc.match_substring(pc.utf8_trim_whitespace(table[c]), " ")) for c in ("english", "translation")]
    table = table.filter(pc.and_(*words)).sort_by(
        [(name, "ascending") for name in ("language", "english", "translation")]
    )
    columns = {
        "language": table["language"].cast(pa.string()).dictionary_encode(),
        "english": table["english"].cast(pa.string()).dictionary_encode(),
        "translation": table["translation"].cast(pa.string()),
    }
    pq.write_table(pa.table(columns), out, compression="zstd", compression_level=19, write_statistics=False)
    return table.num_rows


if __name__ == "__main__":
    print(f"{write_lexicon(Path(sys.argv[1]), Path(sys.argv[2])):,} pairs")

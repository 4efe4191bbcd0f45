"""Importing this makes reading ready: all formats, Arrow's readers, what is compiled, the names of languages.

The server of looks does it once, so that no look has to.
"""

from __future__ import annotations

import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet  # noqa: F401

from isogloss.formats.decimals import parse_lines
from isogloss.formats.format import readable
from isogloss.formats.preview import guess

readable()
parse_lines(b"a 1\n", 1)
guess("en.vec", ["a"])

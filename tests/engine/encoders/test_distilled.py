"""The distilled encoder: small numbers that lose little, and figures that its card states."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from isogloss.encoders.contrastive import bag_means
from isogloss.encoders.distilled import pack_blocks, read_distilled, unpack_blocks, write_distilled
from isogloss.encoders.encoder import open_encoder
from isogloss.encoders.static import DISTILLED, FILE, FOLDER, load_encoder
from isogloss.errors import InvalidValue, StoreError
from isogloss.linear import unit_rows

DATA = Path(os.environ.get("ISOGLOSS_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
SHIPPED = FOLDER.with_name(DISTILLED)
WORDS = ["<unk>", "▁peace", "▁war", "▁мир", "▁", "a"]


def tiny() -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram([(word, -float(i)) for i, word in enumerate(WORDS)], unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def test_a_number_loses_at_most_half_a_scale() -> None:
    rows = np.random.default_rng(0).normal(size=(40, 64)).astype(np.float32)
    rows[3] = 0
    codes, scales = pack_blocks(rows)
    apart = np.abs(unpack_blocks(codes, scales) - rows).reshape(40, 2, 32).max(axis=2)
    assert (apart <= 0.51 * scales.astype(np.float32) + 1e-6).all()
    assert not unpack_blocks(codes, scales)[3].any()
    with pytest.raises(InvalidValue, match="multiple of 32"):
        pack_blocks(rows[:, :30])
    with pytest.raises(InvalidValue, match="not finite"):
        pack_blocks(np.full((1, 32), np.nan, dtype=np.float32))


def test_what_is_written_is_read_and_averaged_as_the_rows_are(tmp_path: Path) -> None:
    rows = np.random.default_rng(1).normal(size=(len(WORDS), 32)).astype(np.float32)
    write_distilled(tmp_path / FILE, tiny(), rows)
    read = read_distilled(tmp_path / FILE, "x")
    texts = ["peace war", "мир peace a", "", "q"]
    assert read.vectors == pytest.approx(unpack_blocks(*pack_blocks(rows)), abs=1e-6)
    assert read.encode(texts) == pytest.approx(bag_means(read.vectors, read.bags(texts)), abs=1e-6)
    assert read.pieces("q peace") == ["▁", "<unk>", "▁peace"]
    assert read.tokenizer.encode("peace a").tokens == tiny().encode("peace a").tokens


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / DISTILLED).mkdir()
    (tmp_path / DISTILLED / FILE).write_bytes((SHIPPED / FILE).read_bytes()[:5000])
    with pytest.raises(StoreError, match="cannot be read"):
        load_encoder(DISTILLED, folder=tmp_path / "encoder")


def test_it_is_what_opens_where_none_is_named() -> None:
    assert open_encoder("").name == load_encoder(DISTILLED).name == f"isogloss-static-{DISTILLED}"
    assert (SHIPPED / FILE).stat().st_size <= 22e6


@pytest.mark.long
@pytest.mark.skipif(not DATA.is_dir(), reason="needs the data in ISOGLOSS_DATA")
def test_the_card_states_what_ships_does() -> None:
    """P@1 to English of lines that were not trained on, recomputed for languages in five scripts."""
    card = " ".join((SHIPPED / "README.md").read_text(encoding="utf-8").split())
    table = pq.read_table(DATA / "parallel_ntrex.parquet", filters=[("line", ">=", 1500)])
    lines: dict[str, list[tuple[int, str]]] = {}
    for language, line, edition, text in zip(
        *(table[c].to_pylist() for c in ("language", "line", "edition", "text")), strict=True
    ):
        if edition != "ref-2":
            lines.setdefault(language, []).append((line, text))
    ours = load_encoder(DISTILLED)
    pool, *others = (
        unit_rows(ours.encode([text for _, text in sorted(lines[language])]))
        for language in ("eng", "deu", "hin", "dzo", "div", "amh")
    )
    for language, rows in zip(("deu", "hin", "dzo", "div", "amh"), others, strict=True):
        found = float((np.argmax(rows @ pool.T, axis=1) == np.arange(len(pool))).mean())
        stated = re.search(rf"\b{language} (\d\.\d\d)", card.split("By language:")[1])
        assert stated
        assert found == pytest.approx(float(stated[1]), abs=0.006)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_sentence_transformers_opens_it_as_a_static_embedding(tmp_path: Path) -> None:
    ours, texts = load_encoder(DISTILLED), ["привет мир", "hello world", "你好，世界", "ދިވެހި"]
    ours.to_sentence_transformer().save_pretrained(str(tmp_path / "model"))
    assert open_encoder(str(tmp_path / "model")).encode(texts) == pytest.approx(ours.encode(texts), abs=1e-5)

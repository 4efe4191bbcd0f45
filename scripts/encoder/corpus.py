"""The texts the encoder learns from: NTREX lines before 1500, Tatoeba, GATITOS, Multi-SimLex; each with its
romanisation.
"""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from tokenizers import normalizers, pre_tokenizers

from isogloss.text.romanize import romanize
from isogloss.text.romanize import romanized as read

DATA = Path(os.environ.get("ISOGLOSS_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
FIRST_HELD_OUT = 1500  # NTREX lines from here on are never trained on

# NTREX `mya` looks Zawgyi-encoded and is left out.
NTREX = """eng spa fra fra-CA deu por ita nld swe dan nob pol ces slk hrv bos slv srp-Latn ron hun fin est lav lit tur
aze-Latn uzb ind msa vie swa cat glg eus sqi mlt afr fil isl gle cym hau som rus ukr bel bul srp-Cyrl mkd kaz kir tat
bak mon tgk-Cyrl ell heb arb fas prs urd pus ckb-Arab snd-Arab uig shi hin mar nep ben guj pan tam tel kan mal sin div
tha lao khm bod dzo amh tir kat hye kor jpn zho-CN zho-TW yue""".split()
TATOEBA = dict(
    pair.split(":")
    for pair in """ara:arb aze:aze-Latn bel:bel ben:ben bul:bul cat:cat ces:ces cmn:zho-CN dan:dan deu:deu ell:ell
est:est eus:eus fin:fin fra:fra gle:gle glg:glg heb:heb hin:hin hrv:hrv hun:hun ind:ind isl:isl ita:ita jpn:jpn kor:kor
lit:lit lvs:lav mar:mar mkd:mkd nld:nld nob:nob pes:fas pol:pol por:por ron:ron rus:rus slk:slk spa:spa sqi:sqi
srp:srp-Cyrl swe:swe tat:tat tgl:fil tur:tur uig:uig ukr:ukr urd:urd vie:vie yue:yue zsm:msa slv:slv kat:kat hye:hye
khm:khm mal:mal cym:cym kaz:kaz tha:tha mon:mon uzb:uzb swh:swa bos:bos tam:tam tel:tel amh:amh afr:afr yid:yid
wuu:zho-CN arz:arb awa:hin""".split()
)
# Languages of GATITOS that are, or stand near, one of NTREX's.
GATITOS = dict(
    pair.split(":")
    for pair in """hi:hin fr:fra es:spa dv:div ckb:ckb-Arab as:ben bo:bod dz:dzo ti:tir sa:hin mai:hin bho:hin awa:hin
arz:arb apc:arb ayl:arb aeb:arb fa-AF:prs yue:yue crh:tat sah:sah ba:bak cv:cv os:os ms-Arab:msa pa-Arab:urd skr:urd
tcy:kan gom:hin ks:urd doi:hin brx:hin mni-Mtei:mni syl:ben om:som oc:cat ctg:ben bua:mon ce:ce fo:isl br:bre""".split()
)
SIMLEX = {"yue": "yue", "zh": "zho-CN", "fr": "fra", "et": "est", "es": "spa", "pl": "pol", "fi": "fin", "cy": "cym"}

NORMALIZER = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
_SPLIT = pre_tokenizers.Sequence(
    [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation(), pre_tokenizers.Digits(individual_digits=True)]
)


def spaced(text: str) -> str:
    """What the tokeniser sees: NFKC, lower case, punctuation and digits apart."""
    return " ".join(word for word, _ in _SPLIT.pre_tokenize_str(NORMALIZER.normalize_str(text)))


def ntrex(language: str) -> list[tuple[int, str]]:
    """Line number and text of the language's reference edition (English: the source)."""
    table = pq.read_table(DATA / "parallel_ntrex.parquet", filters=[("language", "=", language)])
    editions = set(table["edition"].to_pylist())
    chosen = "src" if language == "eng" and "src" in editions else "ref" if "ref" in editions else min(editions)
    rows = zip(table["line"].to_pylist(), table["edition"].to_pylist(), table["text"].to_pylist(), strict=True)
    return sorted((line, text.strip()) for line, edition, text in rows if edition == chosen)


def rows() -> pa.Table:
    """One row a text: source, language, line, text, romanized, english (empty for NTREX), all spaced."""
    found: list[tuple[str, str, int, str, str]] = []
    for language in NTREX:
        found += [("ntrex", language, n, text, "") for n, text in ntrex(language) if n < FIRST_HELD_OUT]
    for name, codes, column in (
        ("tatoeba", TATOEBA, "text"),
        ("gatitos", GATITOS, "translation"),
        ("multisimlex", SIMLEX, "translation"),
    ):
        file = f"parallel_{name}.parquet" if name == "tatoeba" else f"lexicon_{name}.parquet"
        table = pq.read_table(DATA / file)
        for language, text, english in zip(
            *(table[c].to_pylist() for c in ("language", column, "english")), strict=True
        ):
            if language in codes and text:
                found.append((name, codes[language], -1, text.strip(), english))
    # Word by word: the same as whole lines but for some spaces, and many times faster.
    memo: dict[str, str] = {}
    romanized = []
    for n, (_, _, _, text, _) in enumerate(found):
        romanized.append(
            " ".join(memo.setdefault(w, "") or memo.update({w: romanize(w)}) or memo[w] for w in text.split(" "))
        )
        if n % 50_000 == 0:
            print(f"romanized {n:,} of {len(found):,}", flush=True)
    print(f"{sum(read(word) is None for word in memo)} words could not be romanized and stay as they were")
    table = pa.table(
        {
            "source": [f[0] for f in found],
            "language": [f[1] for f in found],
            "line": [f[2] for f in found],
            "text": [spaced(f[3]) for f in found],
            "romanized": [spaced(r) for r in romanized],
            "english": [spaced(f[4]) for f in found],
        }
    )
    return table.filter(pa.compute.greater(pa.compute.utf8_length(table["text"]), 0))
